/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the logger to the one that sends records to other hosts, syslogfwd(8):
 * a socket of packets. The forwarder connects and says with one packet
 * (struct forward_hello) which record it has had last; then each packet is a
 * struct forward_packet, whose text ends with it. The logger never waits: it
 * keeps the last FORWARD_RING bytes, and says how many records were too much.
 */
#ifndef VMKLOGGER_FORWARD_H
#define VMKLOGGER_FORWARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"
#include "ring.h"
#include "userworld/lib/err.h"

#define FORWARD_SOCKET "/run/vmklogger.forward"
#define FORWARD_RING (192 * 1024)

struct forward_hello {
	uint64_t had; /* 0: none, give all there is */
};

struct forward_packet {
	uint64_t number;
	uint64_t missed; /* records before this one that are lost */
	int64_t uptime;	 /* microseconds since boot */
	int32_t severity, facility, world;
	char component[COMPONENT_MAX + 1];
	char text[TEXT_MAX + 1];
};

/* Bytes of a packet up to its text. */
#define FORWARD_HEAD offsetof(struct forward_packet, text)

struct forward {
	int epoll, listener, peer; /* -1: none */
	unsigned int peer_watch;   /* what epoll says for the peer */
	bool begun;		   /* the peer has said what it has had */
	bool waiting;		   /* for room in the socket */
	uint64_t first;		   /* number of this logger's first record */
	struct ring ring;
	struct ring_reader reader;
	char space[FORWARD_RING];
};

int forward_open(struct forward *f, const char *path, int epoll, unsigned int peer_watch,
		 struct err *e);
void forward_accept(struct forward *f);
void forward_event(struct forward *f);

/* Keeps a record; forward_push() sends what the peer can take. */
void forward_put(struct forward *f, const struct record *r);
void forward_push(struct forward *f);

#endif
