/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PID 1 does four things: what must be there before the first userworld, keep
 * a supervisor running, collect orphans, and end the host. Everything else is
 * a userworld's.
 */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>
#include <sys/types.h>

#include "userworld/lib/err.h"

/* How the host is to end; the values are those of reboot(2), 0 is "go on". */
typedef unsigned int end_kind;

/* mounts.c: proc, sysfs, devtmpfs, devpts and cgroup2, those that are missing. */
void mount_all(void);

/* guard.c: if the host executes tardisks' files only, loads what refuses all other code. */
void guard_execution(void);

/* setup.c: host name, loopback interface, kernel settings of a file. All failures are logged. */
void set_hostname(const char *file);
void loopback_up(void);
void set_kernel_settings(const char *file);

/* "net.ipv4.ip_forward" -> "/proc/sys/net/ipv4/ip_forward"; pure. -1 for a key that leads
 * elsewhere. */
int setting_path(const char *key, char *path, size_t size);

/* shutdown.c: which end a signal asks for (BusyBox's convention), and carrying it out. */
end_kind end_of_signal(int sig);
const char *end_name(end_kind kind);
void end_host(end_kind kind) __attribute__((noreturn));

#endif
