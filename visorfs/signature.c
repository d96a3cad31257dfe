// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signature of a tardisk: over its manifest, which has the root hash of its
 * digests. It is looked at before anything is unpacked, and before the headers
 * are read; where signatures are enforced, frames are compared as well.
 *
 * The kernel's PKCS#7 code compares the signature and follows certificates to a
 * key of ours. It asks no clock: the signing time that is signed along must lie
 * within the validity of the signer's certificate. What that code does not ask
 * (purposes of certificates, strength of the digest) signer.c does.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <crypto/pkcs7.h>
#include <crypto/sha2.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/verification.h>

#include "internal.h"
#include "unpack.h"

static const char *compare(struct pkcs7_message *cms, const struct tardisk_manifest *m)
{
	int ret = pkcs7_supply_detached_data(cms, m->bytes, TARDISK_MANIFEST) ?:
		  pkcs7_verify(cms, VERIFYING_UNSPECIFIED_SIGNATURE);
	u32 level;

	if (ret == -ENOPKG)
		return "this kernel does not know its algorithm";
	if (ret)
		return "it does not fit, or was made while its signer's certificate was not valid";
	level = visorfs_keys_level(cms);
	if (!level)
		return "its signer leads to no key in the kernel module";
	return level < m->level ? "its signer may not claim that level" : NULL;
}

static const char *check_keys(struct visorfs_signature *s, const struct tardisk_manifest *m)
{
	struct tardisk_signer *signer = kmalloc(sizeof(*signer), GFP_KERNEL);
	const char *fault;
	u32 i;

	if (!signer)
		return "there is no memory to check it";
	fault = tardisk_signer_init(signer, m->signature, m->signature_len);
	for (i = 0; !fault && i < signer->count; i++) {
		const struct tardisk_certificate *c = &signer->certificates[i];

		sha256(c->key, c->key_len, s->keys[s->key_count]);
		if (visorfs_is_revoked(s->keys[s->key_count++]))
			fault = "a key of its signer was revoked";
	}
	kfree(signer);
	return fault;
}

static const char *check(struct visorfs_signature *s, const struct tardisk_manifest *m,
			 const struct visorfs_unpack *u)
{
	const char *fault = tardisk_manifest_fault(m, &u->digests.list, &u->seek);
	struct pkcs7_message *cms;

	if (fault)
		return fault;
	if (visorfs_is_revoked(m->root))
		return "the tardisk was revoked";
	fault = check_keys(s, m);
	if (fault)
		return fault;
	cms = pkcs7_parse_message(m->signature, m->signature_len);
	if (IS_ERR(cms))
		return "this kernel does not understand it";
	fault = compare(cms, m);
	pkcs7_free_message(cms);
	if (!fault && !tardisk_manifest_names(m, u->name))
		return "it is for another name";
	return fault;
}

/* What the signature is worth now. Nothing is said or refused. */
void visorfs_signature_check(struct visorfs_signature *s, const struct visorfs_unpack *u)
{
	const struct tardisk_digests *list = &u->digests.list;
	struct tardisk_manifest m;
	struct tardisk_error error;

	memset(s, 0, sizeof(*s));
	if (!list->manifest_len)
		s->fault = "it has none";
	else if (tardisk_manifest_init(&m, list->manifest, list->manifest_len, 0, &error))
		s->fault = error.what;
	else if (!VISORFS_HAS_TRUST)
		s->fault = "this kernel cannot check it";
	else
		s->fault = check(s, &m, u);
	if (s->fault)
		return;
	s->level = m.level;
	s->may = m.may;
	strscpy(s->version, m.version, sizeof(s->version));
}

/*
 * Whether the tardisk may go on its way into memory. Where signatures are
 * enforced, all of its frames are compared from now on.
 */
int visorfs_signature_admit(struct visorfs_signature *s, struct visorfs_unpack *u,
			    struct visorfs_msg *msg)
{
	u32 wanted = visorfs_enforced();

	visorfs_signature_check(s, u);
	if (wanted)
		u->verify = true;
	if (s->level >= wanted)
		return 0;
	visorfs_trust_refused();
	if (s->fault)
		return visorfs_fail(msg, -EKEYREJECTED,
				    "%s: signature: %s; only tardisks signed for level %s or above are attached",
				    u->name, s->fault, tardisk_level_name(wanted));
	return visorfs_fail(msg, -EKEYREJECTED,
			    "%s: signature: is for level %s; only tardisks of level %s or above are attached",
			    u->name, tardisk_level_name(s->level), tardisk_level_name(wanted));
}

/* What a well signed tardisk has, though its manifest does not permit it; or NULL. */
const char *visorfs_signature_forbids(const struct visorfs_signature *s,
				      const struct tardisk_entry *e)
{
	u32 lacks = s->level ? tardisk_entry_needs(e) & ~s->may : 0;

	if (lacks & TARDISK_MAY_DEVICES)
		return "is a device, which its manifest does not permit";
	return lacks ? "runs with other rights, which its manifest does not permit" : NULL;
}
