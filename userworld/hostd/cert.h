/* SPDX-License-Identifier: Apache-2.0 */
/* The host's key and certificate. */
#ifndef HOSTD_CERT_H
#define HOSTD_CERT_H

#include "err.h"

#define CERT_DIR "/etc/visoros/ssl"
#define CERT_KEY CERT_DIR "/host.key"
#define CERT_FILE CERT_DIR "/host.crt"

/*
 * Makes a P-256 key and a self-signed certificate for the host's name and its
 * IPv4 addresses, unless both files are there. They are sticky, so visorfs
 * keeps them as state; an operator may replace them. root is put before the
 * paths. Returns 1 if they were made, 0 if they were there.
 */
int cert_ensure(const char *root, struct err *e);

#endif
