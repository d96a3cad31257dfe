/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network process: HTTPS, the redirection of HTTP, and the host page, without rights. It has
 * three descriptors from the executor, and learns the rest by its first message.
 */
#ifndef HOSTD_NETWORK_H
#define HOSTD_NETWORK_H

#define NETWORK_WIRE 3	/* to the executor */
#define NETWORK_HTTPS 4 /* that listens */
#define NETWORK_HTTP 5	/* the same, if there is a redirection */

/* Never returns but with the exit status; empty as of sandbox_enter(). idle: see conn.h. */
int network_main(const char *empty, int idle, int connections, int https_port);

#endif
