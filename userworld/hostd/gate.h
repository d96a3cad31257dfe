/* SPDX-License-Identifier: Apache-2.0 */
/* The executor's side of the network process: starts it, starts it again, and answers it. */
#ifndef HOSTD_GATE_H
#define HOSTD_GATE_H

#include "executor.h"

struct gate_ports {
	int https, http; /* sockets that are bound; http may be -1 */
	int port;	 /* of https */
	int idle;	 /* seconds: conn.h */
	int connections; /* at most */
};

/* ERR_SYSTEM and the like if the first one cannot be started. */
int gate_start(struct executor *x, const struct gate_ports *ports, struct err *e);

/* Has it take the certificate that is there now. */
int gate_certificate(struct err *e);

/* Clients are asked for certificates from the first one that is registered to the last. Quick. */
int gate_clients(struct err *e);

/* There is something new: "events", "tasks". */
void gate_news(const char *topic);

/* It takes no new requests. */
void gate_ending(void);

/* It has to go: hostd ends. */
void gate_stop(void);

#endif
