/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an unattended install does not ask for, as a file of "key = value" lines (conf.h):
 *
 *	disk = /dev/NAME, smallest or largest	required
 *	disk-min, disk-max = SIZE		which disks count for the last two
 *	hostname = NAME
 *	root-password = HASH			of crypt(3), as in /etc/shadow
 *	ssh-key.1 = TYPE BASE64 [COMMENT]	and .2 ... without a gap
 *	bundle.1 = NAME or URL			the same
 *
 * Errors name file, line and key. Pure.
 */
#ifndef VISOR_INSTALL_ANSWERS_H
#define VISOR_INSTALL_ANSWERS_H

#include "conf.h"

#define ANSWERS_LIST 16 /* keys, and bundles, at most */

enum answers_disk { ANSWERS_NAMED, ANSWERS_SMALLEST, ANSWERS_LARGEST };

/* Texts belong to conf; NULL: not given. */
struct answers {
	struct conf conf;
	enum answers_disk rule;
	const char *disk;  /* of ANSWERS_NAMED */
	uint64_t min, max; /* bytes */
	const char *hostname;
	const char *password;
	size_t n_keys, n_bundles;
	const char *keys[ANSWERS_LIST];
	const char *bundles[ANSWERS_LIST];
};

/* After a failure *a is empty; answers_free() is harmless then. */
int answers_parse(struct answers *a, const char *name, const char *text, struct err *e);
void answers_free(struct answers *a);

struct answers_candidate {
	const char *device;
	uint64_t size;
	bool usable; /* not the running medium, not in use, not write-protected */
};

/*
 * The disk that the rule means, or NULL: ERR_NOT_FOUND if there is none, ERR_CONFLICT if two are as
 * good as each other: then nobody is asked which is meant, so nothing is overwritten.
 */
const struct answers_candidate *answers_choose(const struct answers *a,
					       const struct answers_candidate *disks, size_t n,
					       struct err *e);

#endif
