/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an unattended install does not ask for: visoros-answers(5), a file of "key = value" lines
 * (conf.h). Errors name file, line and key. Pure.
 */
#ifndef VISOR_INSTALL_ANSWERS_H
#define VISOR_INSTALL_ANSWERS_H

#include "conf.h"

#define ANSWERS_LIST 16 /* keys, and name servers, at most */

enum answers_disk {
	ANSWERS_NAMED,
	ANSWERS_SERIAL,
	ANSWERS_PATH,
	ANSWERS_SMALLEST,
	ANSWERS_LARGEST,
};

/* What may be on the disk that is overwritten; each includes those before it. */
enum answers_overwrite { ANSWERS_EMPTY, ANSWERS_VISOROS, ANSWERS_ALL };

/* Texts belong to conf; NULL: not given. */
struct answers {
	struct conf conf;
	enum answers_disk rule;
	const char *disk;  /* device, serial number or path of the first three rules */
	uint64_t min, max; /* bytes, for the last two */
	enum answers_overwrite overwrite;
	const char *image; /* URL of the folder of the image, if there is no bank to copy */
	const char *hostname;
	const char *password; /* a hash of crypt(5) */
	const char *address;  /* "192.0.2.10/24"; NULL: DHCP */
	const char *gateway;
	const char *dns;   /* addresses with blanks between them */
	const char *after; /* "stay", "reboot" or "poweroff" */
	size_t n_keys;
	const char *keys[ANSWERS_LIST];
};

/* After a failure *a is empty; answers_free() is harmless then. */
int answers_parse(struct answers *a, const char *name, const char *text, struct err *e);
void answers_free(struct answers *a);

/* A disk of the host. */
struct answers_candidate {
	char device[64];
	char serial[128]; /* "": it has none */
	char path[512];	  /* where it is plugged in: its folder below /sys/devices */
	uint64_t size;	  /* bytes */
	bool usable;	  /* for the rules by size: fixed, and not the running medium */
};

/*
 * The disk that the rule means, or NULL: ERR_NOT_FOUND if there is none, ERR_CONFLICT if two are as
 * good as each other: nobody is there to say which is meant, so nothing is overwritten.
 */
const struct answers_candidate *answers_choose(const struct answers *a,
					       const struct answers_candidate *disks, size_t n,
					       struct err *e);

#endif
