/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose tardisks are attached: the keys in the module, what was revoked, the
 * enforced level, and what was found about the signature of each tardisk. All
 * instances have these in common.
 */
#ifndef VISORFS_TRUST_H
#define VISORFS_TRUST_H

#include <linux/kconfig.h>
#include <linux/rwsem.h>

#include "manifest.h"
#include "signer.h"

/* A small kernel may lack what it takes: then nothing counts as signed. */
#define VISORFS_HAS_TRUST \
	(IS_BUILTIN(CONFIG_PKCS7_MESSAGE_PARSER) && \
	 IS_BUILTIN(CONFIG_ASYMMETRIC_PUBLIC_KEY_SUBTYPE))

struct pkcs7_message;
struct visorfs_msg;
struct visorfs_unpack;
struct visorfs_tardisk;

/* What the signature of a tardisk comes to. */
struct visorfs_signature {
	u32 level; /* TARDISK_UNSIGNED unless it is good; then what its signer claims */
	u32 may; /* of a good one: TARDISK_MAY_* */
	u32 key_count;
	u8 keys[TARDISK_CERTIFICATES][TARDISK_DIGEST]; /* SHA-256 of each public key in it */
	char version[TARDISK_MANIFEST_TEXT]; /* of a good one, else "" */
	const char *fault; /* why it is not good, or NULL */
	bool told; /* that it was revoked */
};

/* keys.c: certificates that were compiled in */
int visorfs_keys_init(void);
void visorfs_keys_exit(void);
u32 visorfs_keys_count(void);
u32 visorfs_keys_level(struct pkcs7_message *cms);
void visorfs_keys_revoke(const u8 *id);
ssize_t visorfs_keys_show(char *buf);

/* signature.c */
void visorfs_signature_check(struct visorfs_signature *s, const struct visorfs_unpack *u);
int visorfs_signature_admit(struct visorfs_signature *s, struct visorfs_unpack *u,
			    struct visorfs_msg *msg);
const char *visorfs_signature_forbids(const struct visorfs_signature *s,
				      const struct tardisk_entry *e);

/*
 * trust.c. The lock is held for reading while tardisks become part of a
 * namespace, for writing while more is demanded of them. Within it nothing of
 * theirs is read from files.
 */
extern struct rw_semaphore visorfs_trust_lock;
int visorfs_trust_init(void);
void visorfs_trust_exit(void);
u32 visorfs_enforced(void);
void visorfs_trust_refused(void);
bool visorfs_is_revoked(const u8 *id);
bool visorfs_trust_revoked(const struct visorfs_tardisk *td);
int visorfs_trust_recheck(struct visorfs_tardisk **attach, u32 count, struct visorfs_msg *msg);

/* measure.c */
void visorfs_measure(const struct visorfs_tardisk *td, const char *what);

#endif
