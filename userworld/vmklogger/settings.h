/* SPDX-License-Identifier: Apache-2.0 */
/* vmklogger.conf(5): what vmklogger(8) and syslogfwd(8) are told. */
#ifndef VMKLOGGER_SETTINGS_H
#define VMKLOGGER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "userworld/lib/err.h"

#define SETTINGS_FILE "/etc/vmklogger.conf"

enum log_id {
	LOG_ID_VMKERNEL,
	LOG_ID_VMKWARNING,
	LOG_ID_HOSTD,
	LOG_ID_SHELL,
	LOG_ID_AUDIT,
	LOG_ID_SYSLOG,
	LOG_ID_COUNT
};

struct settings {
	char directory[256];
	struct {
		uint64_t size;	    /* bytes of one file */
		unsigned int count; /* files, the current one included */
	} logs[LOG_ID_COUNT];
	struct {
		char hosts[512];    /* "udp://10.0.0.1:514 tls://log.example", "" for none */
		uint64_t spool;	    /* bytes kept while a host is away */
		unsigned int retry; /* most seconds between two tries */
		char ca[256];	    /* file of certificates that TLS hosts are checked against */
		bool verify;	    /* whether they are */
	} remote;
};

/* Without the file the defaults hold; with a bad one they hold too, and -1 comes back. */
int settings_read(const char *path, struct settings *s, struct err *e);

/* The same from text; name is what errors call it. */
int settings_parse(const char *name, const char *text, struct settings *s, struct err *e);

/* "vmkernel" and so on; the file is called NAME.log. */
const char *log_name(enum log_id id);

/* Bytes that all logs together may take. */
uint64_t settings_total(const struct settings *s);

#endif
