/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /run/syslogfwd.status: for people, and for the forwarder that is started next.
 * First line "had=N", the last record that every target has taken; then a line
 * per target: "target=tcp://... state=up sent=N waiting=N dropped=N why=TEXT".
 */
#ifndef SYSLOGFWD_STATUS_H
#define SYSLOGFWD_STATUS_H

#include "target.h"

#define STATUS_FILE "/run/syslogfwd.status"

/* Writes it if it changed. A full ramdisk is no reason to stop. */
void status_write(const struct forwarder *f, const char *path);

/* The number in a file that is there, or 0. */
uint64_t status_had(const char *path);

#endif
