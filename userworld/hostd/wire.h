/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between the executor and the network process, over a stream socket of theirs: a head
 * of 16 bytes, then JSON. Length and type are checked before anything is read or allocated; a peer
 * that breaks the form loses the connection. Descriptors travel from the executor only; those of
 * the other direction are never accepted.
 */
#ifndef HOSTD_WIRE_H
#define HOSTD_WIRE_H

#include <event2/event.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_MAGIC 0x56495332u		   /* "VIS2": a descriptor of something else is noticed */
#define WIRE_ASK_MAX ((size_t)160 << 10)   /* bytes of a message to the executor */
#define WIRE_ANSWER_MAX ((size_t)12 << 20) /* bytes of a message from it */
#define WIRE_WAITING ((size_t)32 << 20)	   /* bytes that wait for a peer who does not read */

/* Types beside those of enum ask_type, which go to the executor. */
enum wire_type {
	WIRE_LOG = 64, /* to the executor: {severity, text} */
	WIRE_HELLO,    /* from it: {cert, key, clients}: also again, with a new certificate */
	WIRE_OPEN,     /* from it: a descriptor for an ask; id of its task */
	WIRE_END,      /* from it: the outcome of an ask */
	WIRE_NEWS,     /* from it: {topic}: there is something new to read */
	WIRE_ENDING,   /* from it: no new requests */
};

struct wire_head {
	uint32_t magic;
	uint32_t length; /* of the JSON that follows */
	uint32_t id;	 /* of the ask, chosen by its sender */
	uint16_t type;
	uint16_t fds; /* 1 if a descriptor comes along */
};

struct wire;

/* fd is -1 if none came; it is the callee's. message is the wire's. */
typedef void wire_take(void *context, const struct wire_head *head, json_t *message, int fd);

/* The peer has gone, or broke the form (text says how). Free the wire later, or in it. */
typedef void wire_lost(void *context, const char *text);

/*
 * fd becomes the wire's. max bounds messages that come in; takes_fds: descriptors are accepted.
 * NULL for lack of memory.
 */
struct wire *wire_new(struct event_base *base, int fd, size_t max, bool takes_fds, wire_take *take,
		      wire_lost *lost, void *context);
void wire_free(struct wire *w);

/* fd (or -1) stays the caller's: a copy travels. -1 for lack of memory, or of a reader. */
int wire_send(struct wire *w, uint32_t id, unsigned int type, json_t *message, int fd);

/* Pure: is this head one that may be followed? NULL, or what is wrong with it. */
const char *wire_check(const struct wire_head *head, size_t max, bool takes_fds);

#endif
