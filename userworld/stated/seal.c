// SPDX-License-Identifier: Apache-2.0
#include "userworld/stated/seal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "log.h"
#include "tardisk/le.h"
#include "userworld/bank/banks.h"
#include "userworld/medium/medium.h"
#include "userworld/tpm/seal.h"

/* Why a TPM refused to seal: the medium is not to be blamed for that. */
struct sealing {
	enum tpm_bound bound;
	struct err why;
};

/* The store is looked at whenever a device comes or goes; a TPM is slow. */
static struct {
	size_t len;
	uint8_t object[STATE_SEALED_MAX], key[STATE_KEY];
} known;

static void remember(const uint8_t *object, size_t len, const uint8_t *key)
{
	memcpy(known.object, object, len);
	memcpy(known.key, key, STATE_KEY);
	known.len = len;
}

static int unseal(void *context, const uint8_t *object, size_t len, uint8_t key[static STATE_KEY],
		  struct err *e)
{
	_cleanup_close_ int fd = -1;
	struct tpm_link tpm;

	(void)context;
	if (known.len == len && memcmp(known.object, object, len) == 0) {
		memcpy(key, known.key, STATE_KEY);
		return 0;
	}
	fd = tpm_open(e);
	if (fd < 0)
		return err_wrap(e, "its key is sealed by a TPM");
	tpm = tpm_link_of(&fd);
	if (tpm_unseal(&tpm, object, len, key, STATE_KEY, e) < 0)
		return -1;
	remember(object, len, key);
	return 0;
}

static int seal(void *context, const uint8_t key[static STATE_KEY],
		uint8_t out[static STATE_SEALED_MAX], struct err *e)
{
	struct sealing *sealing = context;
	_cleanup_close_ int fd = tpm_open(&sealing->why);
	struct tpm_link tpm = tpm_link_of(&fd);
	uint8_t again[STATE_KEY];
	int len = -1;

	if (fd >= 0)
		len = tpm_seal(&tpm, sealing->bound, key, STATE_KEY, out, STATE_SEALED_MAX,
			       &sealing->why);
	/* Nothing is written with a key that does not come back. */
	if (len >= 0 && tpm_unseal(&tpm, out, (size_t)len, again, STATE_KEY, &sealing->why) == 0 &&
	    memcmp(again, key, STATE_KEY) == 0) {
		remember(out, (size_t)len, key);
		return len;
	}
	if (sealing->why.kind == ERR_NONE)
		err_set(&sealing->why, ERR_INVALID, "the TPM gives another key back");
	return err_set(e, sealing->why.kind, "%s", sealing->why.text);
}

const struct state_seal *seal_opener(void)
{
	static const struct state_seal opener = { .unseal = unseal };

	return &opener;
}

bool seal_has_tpm(void)
{
	return tpm_present();
}

/* Was this image started for the first time? Then the one before it may come back, and must read.
 */
static bool on_trial(void)
{
	_cleanup_free_ struct banks *b = malloc(sizeof(*b));
	char guid[MEDIUM_GUID];
	int state;

	if (!medium_expected(NULL, guid))
		return false;
	if (!b || banks_look(NULL, b, NULL) < 0)
		return true; /* nobody knows */
	state = b->bank[b->medium.bank].there ? b->bank[b->medium.bank].cfg.state : BANK_VALID;
	return state == BANK_DIRTY || state == BANK_UPGRADING;
}

static bool has_pcr7(const struct keeper *k)
{
	return k->store.record.object_len >= 4 &&
	       le_get32(k->store.record.object) == TPM_BOUND_PCR7;
}

enum seal_want seal_next(const struct keeper *k)
{
	struct seal_view v = {
		.wish = k->seal,
		.tpm = tpm_present(),
		.failed = k->seal_failed,
		.sealed = !k->blank && k->store.record.sealed,
		.pcr7 = has_pcr7(k),
	};

	/* Both banks are read to know that: only if it matters. */
	v.trial = seal_want(&v) != SEAL_LEAVE && on_trial();
	return seal_want(&v);
}

const char *seal_word(const struct keeper *k)
{
	if (!k->has_store)
		return "";
	if (!k->store.record.sealed)
		return "none";
	return has_pcr7(k) ? "tpm+pcr7" : "tpm";
}

/* To *s, with context *how; NULL if the key is to stand in the clear. */
static const struct state_seal *sealer(enum seal_want want, struct state_seal *s,
				       struct sealing *how)
{
	*how = (struct sealing){ .bound = want == SEAL_PCR7 ? TPM_BOUND_PCR7 : TPM_BOUND_TPM };
	*s = (struct state_seal){ seal, unseal, how };
	return want == SEAL_TPM || want == SEAL_PCR7 ? s : NULL;
}

/* True if it was the TPM that failed, not the medium: the store stays in the clear. */
static bool refused(struct keeper *k, const struct sealing *how)
{
	if (how->why.kind == ERR_NONE)
		return false;
	k->seal_failed = true;
	keeper_say(EVENT_STATE_PLAIN,
		   "State on the medium is not encrypted, though there is a TPM: %s",
		   how->why.text);
	return true;
}

int seal_make_store(struct keeper *k, struct state_store *s, struct blkio *io, struct err *e)
{
	const struct state_seal *by;
	bool blank = k->blank;
	struct state_seal seal;
	struct sealing how;
	int rc;

	k->blank = true; /* what is there does not count any more */
	by = sealer(seal_next(k), &seal, &how);
	k->blank = blank;
	rc = state_store_make(s, io, by, e);
	if (rc < 0 && by && refused(k, &how))
		return state_store_make(s, io, NULL, e);
	if (rc == 0 && by)
		keeper_say(EVENT_STATE_SEALED,
			   "State on %s is encrypted, with a key that the TPM of this host keeps",
			   k->device);
	return rc;
}

static void wipe(struct keeper *k)
{
	struct err e = ERR_INIT;

	if (k->store.record.wipe && state_store_wipe(&k->store, &e) < 0)
		log_warnx("state in the clear is still on the medium, and wiped with the next "
			  "save: %s",
			  e.text);
}

static int convert(struct keeper *k, const struct state_seal *by, const struct state_header *keep,
		   struct state_header *h, const uint8_t *payload, uint32_t len, struct err *e)
{
	size_t before = k->store.ring.count;

	if (state_store_convert(&k->store, by, keep, h, payload, len, e) < 0)
		return -1;
	wipe(k);
	if (by)
		keeper_say(EVENT_STATE_SEALED,
			   "State on %s is encrypted from now on, with a key that the TPM of this "
			   "host keeps; the %zu generations before were wiped",
			   k->device, before);
	else
		keeper_say(EVENT_STATE_PLAIN,
			   "State on %s is in the clear from now on, as visoros.seal=off says",
			   k->device);
	return 0;
}

int seal_append(struct keeper *k, struct state_header *h, const uint8_t *payload, uint32_t len,
		struct err *e)
{
	const struct state_header *keep = k->base.number ? &k->base : NULL;
	enum seal_want want = seal_next(k);
	const struct state_seal *by;
	struct state_seal seal;
	struct sealing how;

	if (want != SEAL_LEAVE) {
		by = sealer(want, &seal, &how);
		if (convert(k, by, keep, h, payload, len, e) == 0)
			return 0;
		if (!by || !refused(k, &how))
			return -1;
	}
	if (state_store_append(&k->store, keep, h, payload, len, e) < 0)
		return -1;
	wipe(k);
	return 0;
}
