/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libcore: every management operation of the host as one call.
 *
 * hostd maps HTTP requests to these operations; the console (DCUI) and
 * visorcli under the name localcli call them in their own process, so that
 * they work with hostd dead. One table (core_op_at()) gives name, parameters,
 * privilege and route of each operation: validation, REST routes, their
 * documentation and the command line are made from it.
 *
 * Parameters and results are JSON values of jansson. docs/rest-api.md lists
 * every operation with its fields. Sizes are bytes, times seconds or RFC 3339
 * in UTC, unless a field's name says otherwise.
 *
 * Not thread-safe. Calls block; those marked CORE_SLOW may do so for long.
 */
#ifndef VISOR_CORE_H
#define VISOR_CORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"

/*
 * What is put before absolute paths, so that tests can show a tree of files
 * instead of the running system. NULL stands for "".
 */
struct core_config {
	const char *root;  /* before /etc, /usr, /var */
	const char *sysfs; /* before /sys, the cgroup hierarchy included */
	const char *proc;  /* before /proc */
	const char *run;   /* before /run */
};

/*
 * Must be called once before core_call(); config may be NULL. Copies what it
 * needs. ERR_INVALID if a path is too long.
 */
int core_init(const struct core_config *config, struct err *e);

/*
 * Runs an operation. params is an object or NULL (no parameters), and stays
 * the caller's. On success *result is a new reference, never NULL; it is
 * JSON null for operations that have nothing to say. result may be NULL.
 *
 * ERR_NOT_FOUND for an unknown operation, ERR_USAGE for missing, unknown or
 * ill-typed parameters, ERR_INVALID for values out of range; else what the
 * operation says.
 */
int core_call(const char *op, json_t *params, json_t **result, struct err *e);

enum core_type {
	CORE_STRING, /* UTF-8, min to max bytes, without control characters */
	CORE_INT,    /* min to max */
	CORE_BOOL,
	CORE_NAME, /* string of letters, digits and "._+-", starting with letter or digit */
	CORE_PATH, /* absolute path without "." or ".." parts */
	CORE_TEXT, /* a string that may have line ends and tabs */
};

struct core_param {
	const char *name; /* NULL ends a list */
	enum core_type type;
	bool required;
	bool secret; /* never logged nor shown */
	bool bytes;  /* an integer that is a size: messages say 16K */
	json_int_t min;
	json_int_t max;	       /* both 0: up to 255 bytes for strings, no limit for integers */
	const char *words;     /* "on|off": a string is one of these; NULL: any */
	const char *among;     /* "system.service.list name": what that field of that list has */
	const char *otherwise; /* what holds if it is not given, for people; NULL: nothing to say */
	const char *help;
};

/*
 * Who may call it. Changes are those of CORE_OPERATE and CORE_CHANGE without CORE_QUIET, and those
 * with CORE_OWN.
 */
enum core_privilege {
	CORE_READ,    /* whoever is logged in; shows no secrets, no logs, nobody else's doings */
	CORE_OPERATE, /* keeps the host running, and finds out what is wrong with it: operators */
	CORE_CHANGE,  /* changes the host, or shows what may be secret: administrators */
	CORE_LOCAL,   /* only in the caller's own process: never over HTTP */
};

/* What a user is to the host; each may do what those before it may. */
enum core_role {
	CORE_NOBODY, /* has no permission: cannot log in */
	CORE_READ_ONLY,
	CORE_OPERATOR,
	CORE_ADMIN,
};

#define CORE_SLOW 0x1  /* may take longer than 50 ms: hostd gives it a worker process */
#define CORE_QUIET 0x2 /* changes nothing worth an entry in the log of changes */
/*
 * Its answer is a stream of bytes. The caller sets the parameter "fd" to where it is written;
 * the result says how it went. Over HTTP hostd does so, and the answer is what was written.
 */
#define CORE_STREAM 0x4
#define CORE_TASK                                                                      \
	0x8 /* of those that are slow: hostd keeps a record of it (core/system/task.h) \
	     */
#define CORE_CANCEL 0x10 /* may be ended by SIGTERM at any time; nothing is left half done */
#define CORE_OWN 0x20	 /* a change that everybody may make, of what is the caller's own */

struct core_op {
	const char *name;   /* "system.ramdisk.add" */
	const char *method; /* "GET", "POST" ...; NULL if CORE_LOCAL */
	const char *path;   /* below /api/v1, "{name}" stands for that parameter */
	enum core_privilege privilege;
	unsigned int flags;
	const struct core_param *params; /* ends with an entry without name; NULL: none */
	int (*run)(json_t *params, json_t **result, struct err *e);
	const char *help;		       /* one sentence without full stop */
	const char *stream_type, *stream_name; /* CORE_STREAM: media type, and name for a file */
};

/* Walks the whole table: entry i, or NULL at its end. */
const struct core_op *core_op_at(size_t i);

/* NULL if there is no operation of that name. */
const struct core_op *core_find(const char *name);

/* May somebody of that role call it over HTTP? Pure. */
bool core_allowed(const struct core_op *op, enum core_role role);

/* Is it a change, of which the state and the audit log are told? Pure. */
bool core_changes(const struct core_op *op);

/*
 * Puts right what an interrupted install or removal has left. hostd calls it
 * when it starts; the operations on bundles do so by themselves. ERR_CONFLICT
 * if such an operation is running just now.
 */
int core_reconcile(struct err *e);

/*
 * Is a change of the set of bundles under way? If nobody looks after it, because
 * its process died, "software.bundle.settle" takes it to its end.
 */
bool core_unsettled(void);

/*
 * Who asks, for what is kept about changes of state: "root (network)". Holds for all calls that
 * follow, also in processes forked then. Not called: the account of this process, and its program.
 */
void core_set_actor(const char *who);
const char *core_actor(void);

/*
 * The same by the name of a user, with what the audit log says besides: the role, and the address
 * that the request came from; NULL: the user is on this host. Not called: root of this host.
 */
void core_set_caller(const char *user, enum core_role role, const char *address);

/*
 * Has an operation that takes long and changes what cannot be changed back say how far it is: fn
 * is called with 0 before it changes anything, then as the percents grow, to 100 at most. Holds for
 * all calls that follow, also in processes forked then. NULL: nobody wants to know.
 */
void core_on_progress(void (*fn)(unsigned int percent));

/* A copy of params without secrets, which are "***", and without what the operation does not know.
 */
json_t *core_shown(const struct core_op *op, const json_t *params);

/* A call that did not come about, as its caller may not make it: one for the audit log. */
void core_audit_refused(const struct core_op *op, json_t *params, const struct err *why);

/* Checks params (an object or NULL) against op->params without running it. */
int core_check(const struct core_op *op, json_t *params, struct err *e);

#endif
