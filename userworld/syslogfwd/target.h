/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One host that messages are sent to. All share one ring of messages; each has
 * its own place in it, so one that is away holds up nobody. While it is away it
 * is tried again after 1, 2, 4 ... seconds. What a connection had not taken when
 * it broke is sent again: a message may come twice rather than not at all.
 */
#ifndef SYSLOGFWD_TARGET_H
#define SYSLOGFWD_TARGET_H

#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "address.h"
#include "message.h"
#include "userworld/vmklogger/ring.h"
#include "userworld/vmklogger/settings.h"

enum target_state { TARGET_AWAY, TARGET_CONNECTING, TARGET_UP };

struct forwarder;

struct target {
	struct forwarder *f;
	struct address at;
	enum target_state state;
	struct ring_reader sent, taken; /* given to the connection; taken by it */
	uint64_t sent_number;		/* of the logger's, of the last one given */
	uint64_t taken_number;		/* ... taken */
	uint64_t count, lost;		/* messages sent and dropped in all */
	struct event *retry;
	unsigned int delay; /* seconds before the next try */
	char why[160];	    /* it is away */
	struct evdns_base *dns;
	struct bufferevent *stream; /* TCP and TLS */
	struct event *datagram;	    /* UDP: writable */
};

struct forwarder {
	struct event_base *base;
	struct settings settings;
	SSL_CTX *tls; /* NULL without a TLS target */
	struct ring ring;
	struct target targets[TARGETS_MAX];
	int count;
};

int target_init(struct target *t, struct forwarder *f, const struct address *at, struct err *e);

/* Begins to connect. */
void target_open(struct target *t);

/* Gives the connection what it can take now. */
void target_pump(struct target *t);

/* Lets go of the connection: tried again later. why is said once per outage. */
void target_lost(struct target *t, const char *why);

/* Messages that wait, and messages dropped in all. */
uint64_t target_waiting(const struct target *t);
uint64_t target_dropped(const struct target *t);

/* The two kinds of connections. *_pump() may call target_lost(). */
void stream_open(struct target *t, const struct sockaddr *to, socklen_t len);
void stream_pump(struct target *t);
void stream_close(struct target *t);
void datagram_open(struct target *t, const struct sockaddr *to, socklen_t len);
void datagram_pump(struct target *t);
void datagram_close(struct target *t);

/* For those two: it is there now. */
void target_up(struct target *t);

/*
 * The next message for this target, its length, or 0. It is only gone past by
 * target_gave(). One that tells of dropped messages comes before what follows.
 */
size_t target_message(struct target *t, char buf[static MESSAGE_BYTES]);
void target_gave(struct target *t);

/* All that was given has been taken by the connection. */
void target_took(struct target *t);

#endif
