/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of the host, as plain values. facts_load() makes it from the
 * answers of the core operations, a JSON object with the operations' names as
 * keys; the same form is read from a file for tests (dcui --model).
 *
 * An operation that failed has {"error": {"kind": ..., "text": ...}} as its
 * answer. Its fields then stay empty and facts.error has why.
 */
#ifndef DCUI_FACTS_H
#define DCUI_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

/* Lists are cut at these lengths; what is shown says so. */
#define FACTS_NEVER UINT64_MAX
#define FACTS_NICS 16
#define FACTS_DNS 4
#define FACTS_INTERFACES 8
#define FACTS_ADDRESSES6 24
#define FACTS_RAMDISKS 32
#define FACTS_SERVICES 64
#define FACTS_ALARMS 16
#define FACTS_ERRORS 8

enum tristate { UNKNOWN, NO, YES };

struct nic {
	char name[32];
	char mac[24];
	char link[16];	  /* up, down */
	char address[48]; /* empty: none */
	char netmask[48];
	char gateway[48];
	char type[16]; /* DHCP, STATIC ...; as core says it */
};

/* An interface of the management network, as it is set. */
struct interface {
	char name[16]; /* vmk0 */
	char adapter[32], device[40], mac[24], link[16];
	unsigned int vlan; /* 0: none */
	bool enabled;
	char type6[16]; /* auto, slaac, dhcp, static, none */
	char address6[64], gateway6[48];
};

struct address6 {
	char device[40], address[48], gateway[48];
	char type[16]; /* link-local, auto, dhcp, static */
	unsigned int prefix;
};

struct ramdisk {
	char name[64];
	char path[128];
	uint64_t max, used; /* bytes */
	uint64_t max_inodes, used_inodes;
};

struct service {
	char name[32];
	char state[16]; /* as the supervisor says it: running, backoff, failed ... */
	char pool[128];
	pid_t pid; /* 0: none */
	unsigned int restarts;
	bool essential;
};

struct alarm {
	char name[64];	/* "hardware:CPU 0 bank 4" */
	char text[160]; /* of the last event about it */
	bool notice;	/* nothing is wrong */
	bool seen;	/* somebody has acknowledged it */
};

struct facts {
	bool loaded; /* something has been gathered */
	char product[32], version[32], build[64], kernel[64];
	char hostname[65];
	char vendor[64], model[64], cpu_model[96], serial[64];
	unsigned int cpu_count;
	uint64_t memory, memory_available; /* bytes */
	uint64_t uptime;		   /* seconds */
	char thumbprint[128];		   /* SHA-256 of hostd's certificate, empty: none */
	enum tristate password_set;	   /* of root */
	enum tristate hostd_answers;
	bool development;
	char welcome[2048 + 1]; /* the operator's text, empty: none */
	uint64_t idle_seconds;	/* 0: not known; FACTS_NEVER: no session ends by itself */
	char acceptance[16];	/* level that bundles must have at least; "unsigned": any */
	struct {
		char mode[16]; /* as stated says it: ready, gone, refused ...; empty: unknown */
		char why[320];
		bool on_purpose; /* stateless, because it is said so on the command line */
		bool trial;	 /* changes are taken back unless confirmed */
		unsigned int trial_seconds; /* in so many; 0: not known, or none */
	} state;
	struct nic nics[FACTS_NICS];
	size_t nic_count;
	char dns[FACTS_DNS][48];
	size_t dns_count;
	char search[256]; /* domains in use, with blanks between them */
	char given_servers[512], given_search[512];
	enum tristate dhcp_dns; /* those that DHCP names are asked, too */
	struct interface interfaces[FACTS_INTERFACES];
	size_t interface_count;
	struct address6 addresses6[FACTS_ADDRESSES6];
	size_t address6_count;
	struct ramdisk ramdisks[FACTS_RAMDISKS];
	size_t ramdisk_count;
	struct service services[FACTS_SERVICES];
	size_t service_count;
	struct alarm alarms[FACTS_ALARMS]; /* gravest first */
	size_t alarm_count;
	enum tristate maintenance;
	char lockdown[16], lockdown_exceptions[128];
	char boot_medium[16]; /* present, lost, copied, none; empty: not known */
	char boot_state[16];  /* of the bank that runs */
	char failed_build[64], failed_reason[128]; /* of the image that failed, empty: none */
	struct {
		char op[48], text[256];
	} error[FACTS_ERRORS]; /* operations that failed, and why */
	size_t error_count;
};

/* Replaces *f. Answers that are missing or of another type leave their fields empty. */
void facts_load(struct facts *f, const json_t *answers);

/* Notes a failure; op may be empty. */
void facts_add_error(struct facts *f, const char *op, const char *text);

/* Why an operation failed, or NULL if it did not. */
const char *facts_error(const struct facts *f, const char *op);

/* NULL if there is no such service. */
const struct service *facts_service(const struct facts *f, const char *name);

/*
 * Where an adapter's address is from, for people: "DHCP", "STATIC",
 * "LINK-LOCAL"; "" if it has none or nobody knows. Returns buf.
 */
const char *facts_origin(const struct nic *n, char *buf, size_t len);

/* Length of the network of a netmask: 24 of "255.255.255.0", 0 of what is none. */
int facts_prefix(const char *netmask);

/* Part of a cap that is used, in percent rounded down; 0 of 0 is 0. */
unsigned int facts_percent(uint64_t used, uint64_t max);

/* Fuller of bytes and inodes. */
unsigned int facts_ramdisk_percent(const struct ramdisk *r);

#endif
