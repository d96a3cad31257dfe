// SPDX-License-Identifier: Apache-2.0
#include "userworld/tpm/seal.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#include "tardisk/le.h"
#include "userworld/tpm/words.h"

#define AT_PARENT 4
#define AT_PARTS (AT_PARENT + TPM_DIGEST)

/* One command and its answer. */
struct talk {
	const struct tpm_link *tpm;
	struct tpm_command command;
	uint8_t answer[TPM_ANSWER_MAX];
	size_t len;
};

static int strange(struct err *e)
{
	return err_set(e, ERR_INVALID, "the TPM answers what makes no sense");
}

/* 0, or -1 with *code, which is 0 if it was not the TPM that refused. */
static int ask(struct talk *t, uint32_t *code, struct err *e)
{
	int len = t->tpm->ask(t->tpm->context, &t->command, t->answer, e);

	*code = 0;
	if (len < 0)
		return -1;
	t->len = (size_t)len;
	if (!tpm_answer_code(t->answer, t->len, code))
		return strange(e);
	if (*code)
		return err_set(e, ERR_INVALID, "the TPM refuses: %s (0x%03x)",
			       tpm_code_words(*code), *code);
	return 0;
}

static int make_parent(struct talk *t, uint32_t *handle, uint8_t sum[static TPM_DIGEST],
		       struct err *e)
{
	struct tpm_bytes whole;
	uint32_t code;

	tpm_command_primary(&t->command);
	if (ask(t, &code, e) < 0)
		return -1;
	if (!tpm_answer_primary(t->answer, t->len, handle, &whole))
		return strange(e);
	SHA256(whole.at, whole.len, sum);
	return 0;
}

/* A session in which register 7 was looked at. */
static int begin_policy(struct talk *t, bool trial, uint32_t *session, struct err *e)
{
	uint32_t code;

	tpm_command_session(&t->command, trial);
	if (ask(t, &code, e) < 0)
		return -1;
	if (!tpm_answer_handle(t->answer, t->len, session))
		return strange(e);
	tpm_command_policy_pcr7(&t->command, *session);
	return ask(t, &code, e);
}

static int policy_digest(struct talk *t, uint8_t digest[static TPM_DIGEST], struct err *e)
{
	struct tpm_bytes found;
	uint32_t session, code;

	if (begin_policy(t, true, &session, e) < 0)
		return -1;
	tpm_command_policy_digest(&t->command, session);
	if (ask(t, &code, e) < 0)
		return -1;
	if (!tpm_answer_digest(t->answer, t->len, &found) || found.len != TPM_DIGEST)
		return strange(e);
	memcpy(digest, found.at, TPM_DIGEST);
	return 0;
}

static int seal(struct talk *t, enum tpm_bound bound, const uint8_t *secret, size_t len,
		uint8_t *out, size_t room, struct err *e)
{
	uint8_t digest[TPM_DIGEST];
	struct tpm_bytes parts;
	uint32_t parent, code;

	if (room < AT_PARTS || len > TPM_SECRET_MAX)
		return err_set(e, ERR_INVALID, "sealed object: there is no room for it");
	le_put32(out, bound);
	if (make_parent(t, &parent, out + AT_PARENT, e) < 0 ||
	    (bound == TPM_BOUND_PCR7 && policy_digest(t, digest, e) < 0))
		return -1;
	tpm_command_create(&t->command, parent, bound == TPM_BOUND_PCR7 ? digest : NULL, secret,
			   len);
	if (ask(t, &code, e) < 0)
		return -1;
	if (!tpm_answer_create(t->answer, t->len, &parts) || parts.len > room - AT_PARTS)
		return strange(e);
	memcpy(out + AT_PARTS, parts.at, parts.len);
	return (int)(AT_PARTS + parts.len);
}

int tpm_seal(const struct tpm_link *tpm, enum tpm_bound bound, const uint8_t *secret, size_t len,
	     uint8_t *out, size_t room, struct err *e)
{
	struct talk t = { .tpm = tpm };
	int rc = seal(&t, bound, secret, len, out, room, e);

	OPENSSL_cleanse(&t, sizeof(t));
	return rc;
}

/* Sealed below a key: is it that of this TPM, as it is now? */
static int find_parent(struct talk *t, const uint8_t *object, uint32_t *parent, struct err *e)
{
	uint8_t sum[TPM_DIGEST];

	if (make_parent(t, parent, sum, e) < 0)
		return -1;
	if (memcmp(sum, object + AT_PARENT, TPM_DIGEST) != 0)
		return err_set(e, ERR_INVALID,
			       "its key was sealed by the TPM of another machine, or this TPM was "
			       "cleared since");
	return 0;
}

static int load(struct talk *t, uint32_t parent, const uint8_t *object, size_t size,
		uint32_t *handle, struct err *e)
{
	uint32_t code;

	if (!tpm_command_load(&t->command, parent, object + AT_PARTS, size - AT_PARTS))
		return err_set(e, ERR_INVALID, "its sealed key is too long");
	if (ask(t, &code, e) < 0)
		return -1;
	return tpm_answer_handle(t->answer, t->len, handle) ? 0 : strange(e);
}

static int unseal(struct talk *t, const uint8_t *object, size_t size, uint8_t *secret, size_t len,
		  struct err *e)
{
	uint32_t parent, handle, code, session = TPM_PASSWORD;
	struct tpm_bytes found;

	if (size < AT_PARTS || le_get32(object) > TPM_BOUND_PCR7 ||
	    !tpm_parts_fit(object + AT_PARTS, size - AT_PARTS))
		return err_set(e, ERR_INVALID,
			       "its sealed key is of a kind that is not known here");
	if (find_parent(t, object, &parent, e) < 0 ||
	    load(t, parent, object, size, &handle, e) < 0 ||
	    (le_get32(object) == TPM_BOUND_PCR7 && begin_policy(t, false, &session, e) < 0))
		return -1;
	tpm_command_unseal(&t->command, handle, session);
	if (ask(t, &code, e) < 0)
		return tpm_code_plain(code) != TPM_POLICY_FAIL
			       ? -1
			       : err_set(e, ERR_INVALID,
					 "its key is bound to what Secure Boot trusts (PCR 7), "
					 "which "
					 "is not as it was then: put the firmware's keys and "
					 "settings back");
	if (!tpm_answer_unseal(t->answer, t->len, &found) || found.len != len)
		return strange(e);
	memcpy(secret, found.at, len);
	return 0;
}

int tpm_unseal(const struct tpm_link *tpm, const uint8_t *object, size_t size, uint8_t *secret,
	       size_t len, struct err *e)
{
	struct talk t = { .tpm = tpm };
	int rc = unseal(&t, object, size, secret, len, e);

	OPENSSL_cleanse(&t, sizeof(t));
	return rc;
}
