/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the side that speaks HTTP asks of the executor, and how it is answered.
 *
 * hostd is two processes. The executor runs as root, owns sessions, workers and tasks, and decides
 * who may do what. The network process has no rights: it speaks TLS, HTTP and JSON with anybody,
 * and turns a request into one struct ask. In it the ask travels as a message (wire.h), and the
 * executor takes it apart again with ask_parse(), which trusts nothing. For the local socket,
 * which root alone may open, the executor speaks HTTP itself and asks itself without a message.
 *
 * An ask is answered by asker.end() once, at any time. Before that asker.open() may bring one
 * descriptor: where the answer of an operation with CORE_STREAM is read, or an upload is written.
 */
#ifndef HOSTD_ASK_H
#define HOSTD_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "session.h"
#include "userworld/core/core.h"

#define ASK_SECRET_MAX 255				/* bytes of a password */
#define ASK_FROM_MAX 63					/* bytes of a client's address */
#define ASK_KEY_MAX 64					/* characters of an idempotency key */
#define ASK_TAG_MAX 40					/* of an entity tag, without quotes */
#define ASK_DER_MAX 8192				/* bytes of a client's certificate */
#define ASK_CERTIFICATE_MAX ((ASK_DER_MAX + 2) / 3 * 4) /* the same in base64 */

/* As numbers they are a format between two processes of one program; nobody else sees them. */
enum ask_type {
	ASK_WHO = 1, /* who does the proof stand for? Nobody is no error */
	ASK_LOGIN,   /* opens a session for user and password */
	ASK_LOGOUT,  /* ends the session of the proof */
	ASK_CALL,    /* runs an operation */
	ASK_UPLOAD,  /* installs a bundle that is written to a descriptor */
	ASK_TYPES
};

enum proof_kind { PROOF_NONE, PROOF_TOKEN, PROOF_PASSWORD, PROOF_CERTIFICATE, PROOF_KINDS };

struct proof {
	enum proof_kind kind;
	char user[SESSION_USER + 1];	 /* PROOF_PASSWORD */
	char secret[ASK_SECRET_MAX + 1]; /* token or password; wiped after use */
	/*
	 * PROOF_CERTIFICATE: the client's, whose key it has by the word of the network process; DER
	 * in base64. Whoever has made the ask keeps it, and only until the asking returns.
	 */
	const char *certificate;
};

struct ask {
	enum ask_type type;
	struct proof proof;
	bool local;		     /* root on the local socket: never from a message */
	char from[ASK_FROM_MAX + 1]; /* address of the client, for the log */
	const struct core_op *op;    /* ASK_CALL */
	json_t *params;		     /* ASK_CALL, ASK_UPLOAD: an object that is the asker's */
	bool async;		     /* ASK_CALL: answer with the task at once */
	char key[ASK_KEY_MAX + 1];   /* ASK_CALL: of an idempotent repetition, or "" */
	char match[ASK_TAG_MAX +
		   1];	 /* ASK_CALL: run it only if what is there has this tag, or "" */
	json_int_t size; /* ASK_UPLOAD: bytes */
};

struct outcome {
	json_t *result;	     /* NULL: an error. The giver's */
	const struct err *e; /* of the error */
	int status;	     /* HTTP status if the error's kind does not say it, or 0 */
	bool task;	     /* the result is a task that goes on */
};

struct asker {
	/* May be NULL if no descriptor can come. fd is the callee's; task: its id, "" for none. */
	void (*open)(void *context, int fd, const char *task);
	void (*end)(void *context, const struct outcome *outcome);
	void *context;
};

/* The message of an ask; a new reference, NULL for lack of memory or bytes that are not UTF-8. */
json_t *ask_pack(const struct ask *ask);

/*
 * The ask of a message. ERR_INVALID if it is not one that ask_pack() makes: unknown type or
 * operation, local operation, missing, superfluous or ill-typed members, what is too long.
 * ask->params is borrowed from message.
 */
int ask_parse(unsigned int type, json_t *message, struct ask *ask, struct err *e);

void ask_wipe(struct ask *ask);

/* Ends with an error of that kind and text. */
void asker_fail(const struct asker *to, int status, const struct err *e);
void asker_give(const struct asker *to, json_t *result);

#endif
