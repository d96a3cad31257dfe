/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an unattended install does not ask for, or what a host is told at its first start:
 * visoros-answers(5), a file of "key = value" lines (conf.h). Errors name file, line and key. Pure.
 */
#ifndef VISOR_INSTALL_ANSWERS_H
#define VISOR_INSTALL_ANSWERS_H

#include "conf.h"

#define INSTALL_LIST 16	  /* keys, or bundles, at most */
#define INSTALL_KEY 32	  /* bytes of the name of one of them, NUL included */
#define INSTALL_PLACE 256 /* bytes of what an error begins with, NUL included */

enum install_rule {
	INSTALL_NAMED,
	INSTALL_SERIAL,
	INSTALL_PATH,
	INSTALL_SMALLEST,
	INSTALL_LARGEST,
};

/* What may be on the disk that is overwritten; each includes those before it. */
enum install_overwrite { INSTALL_EMPTY, INSTALL_VISOROS, INSTALL_ALL };

/* Texts belong to conf; NULL: not given. */
struct install_answers {
	struct conf conf;
	enum install_rule rule;
	const char *disk;  /* device, serial number or path of the first three rules */
	uint64_t min, max; /* bytes, for the last two */
	enum install_overwrite overwrite;
	const char *image; /* URL of the folder of the image, if there is no bank to copy */
	const char *hostname;
	const char *password; /* a hash of crypt(5) */
	const char *address;  /* "192.0.2.10/24"; NULL: DHCP */
	const char *gateway;
	const char *dns;    /* addresses with blanks between them */
	const char *ntp;    /* names or addresses of time servers, with blanks between them */
	const char *syslog; /* hosts the log is sent to, as --loghost has them */
	const char *after;  /* "stay", "reboot" or "poweroff" */
	size_t n_keys;
	const char *keys[INSTALL_LIST];
	size_t n_bundles;
	const char *bundles[INSTALL_LIST]; /* URLs or paths on this host */
};

/* After a failure *a is empty; install_answers_free() is harmless then. */
int install_answers_parse(struct install_answers *a, const char *name, const char *text,
			  struct err *e);
void install_answers_free(struct install_answers *a);

/* The same for a host that runs: what is said of disk, image and the end is refused. */
int install_answers_parse_host(struct install_answers *a, const char *name, const char *text,
			       struct err *e);

/* The key of number i, from 0, of a list: "bundle.1". */
void install_answers_key(char key[static INSTALL_KEY], const char *name, size_t i);

/* What an error about a key begins with: FILE:LINE: 'KEY'. */
void install_answers_place(const struct install_answers *a, const char *key,
			   char place[static INSTALL_PLACE]);

/* A disk of the host. */
struct install_disk {
	char device[64];
	char serial[128]; /* "": it has none */
	char path[512];	  /* where it is plugged in: its folder below /sys/devices */
	uint64_t size;	  /* bytes */
	bool usable;	  /* for the rules by size: fixed, and not the running medium */
	char model[64];	  /* what its maker calls it; "": not known */
};

/*
 * The disk that the rule means, or NULL: ERR_NOT_FOUND if there is none, ERR_CONFLICT if two are as
 * good as each other: nobody is there to say which is meant, so nothing is overwritten.
 */
const struct install_disk *install_answers_choose(const struct install_answers *a,
						  const struct install_disk *disks, size_t n,
						  struct err *e);

#endif
