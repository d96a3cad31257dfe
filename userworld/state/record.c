// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/record.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

#include "userworld/state/cipher.h"

#define MAGIC "VOSSTORE"
#define VERSION 1
#define KEY_PLAIN 0  /* the key stands in the record as it is */
#define KEY_SEALED 1 /* as an object that only a TPM can open */
#define FLAG_WIPE 1

enum {
	AT_VERSION = 8,
	AT_LENGTH = 12,
	AT_ID = 16,
	AT_KIND = 32,
	AT_KEY_LEN = 36,
	AT_KEY = 40, /* zeros in a sealed one */
	AT_FLAGS = 72,
	AT_OBJECT_LEN = 76,
	AT_OBJECT = 80,
	AT_HMAC = STATE_BLOCK - 2 * STATE_SUM, /* of a sealed one */
	AT_SUM = STATE_BLOCK - STATE_SUM
};

static int derive_mac(struct state_record *r, struct err *e)
{
	if (r->sealed)
		return state_cipher_derive(r->key, r->id, STATE_LABEL_HEADER, r->mac, e);
	memcpy(r->mac, r->key, STATE_KEY);
	return 0;
}

int state_record_make(struct state_record *r, const struct state_seal *seal, struct err *e)
{
	int len;

	if (RAND_bytes(r->key, STATE_KEY) != 1)
		return err_set(e, ERR_SYSTEM, "no random numbers for the key of a store");
	r->sealed = r->wipe = seal != NULL;
	r->object_len = 0;
	if (seal) {
		len = seal->seal(seal->context, r->key, r->object, e);
		if (len < 0)
			return -1;
		r->object_len = (uint32_t)len;
	}
	return derive_mac(r, e);
}

static void write_object(const struct state_record *r, uint8_t *out)
{
	unsigned int len = STATE_SUM;

	le_put32(out + AT_FLAGS, r->wipe ? FLAG_WIPE : 0);
	le_put32(out + AT_OBJECT_LEN, r->object_len);
	memcpy(out + AT_OBJECT, r->object, r->object_len);
	HMAC(EVP_sha256(), r->mac, STATE_KEY, out, AT_HMAC, out + AT_HMAC, &len);
}

void state_record_write(const struct state_record *r, uint8_t out[static STATE_BLOCK])
{
	memset(out, 0, STATE_BLOCK);
	memcpy(out, MAGIC, 8);
	le_put32(out + AT_VERSION, VERSION);
	le_put32(out + AT_LENGTH, STATE_BLOCK);
	memcpy(out + AT_ID, r->id, STATE_ID);
	le_put32(out + AT_KIND, r->sealed ? KEY_SEALED : KEY_PLAIN);
	le_put32(out + AT_KEY_LEN, STATE_KEY);
	if (r->sealed)
		write_object(r, out);
	else
		memcpy(out + AT_KEY, r->key, STATE_KEY);
	SHA256(out, AT_SUM, out + AT_SUM);
}

static enum state_record_found read_object(const uint8_t *in, struct state_record *r)
{
	uint32_t flags = le_get32(in + AT_FLAGS), len = le_get32(in + AT_OBJECT_LEN);

	if (flags & ~(uint32_t)FLAG_WIPE || len == 0 || len > STATE_SEALED_MAX)
		return STATE_RECORD_FUTURE;
	r->wipe = flags & FLAG_WIPE;
	r->object_len = len;
	memcpy(r->object, in + AT_OBJECT, len);
	return STATE_RECORD_GOOD;
}

enum state_record_found state_record_read(const uint8_t in[static STATE_BLOCK],
					  struct state_record *r)
{
	struct state_record found = { 0 };
	uint8_t sum[STATE_SUM];
	uint32_t kind;

	if (memcmp(in, MAGIC, 8) != 0)
		return STATE_RECORD_NONE;
	SHA256(in, AT_SUM, sum);
	if (memcmp(sum, in + AT_SUM, STATE_SUM) != 0)
		return STATE_RECORD_DAMAGED;
	kind = le_get32(in + AT_KIND);
	if (le_get32(in + AT_VERSION) != VERSION || le_get32(in + AT_LENGTH) != STATE_BLOCK ||
	    kind > KEY_SEALED || le_get32(in + AT_KEY_LEN) != STATE_KEY)
		return STATE_RECORD_FUTURE;
	memcpy(found.id, in + AT_ID, STATE_ID);
	found.sealed = kind == KEY_SEALED;
	if (found.sealed && read_object(in, &found) != STATE_RECORD_GOOD)
		return STATE_RECORD_FUTURE;
	if (!found.sealed) {
		memcpy(found.key, in + AT_KEY, STATE_KEY);
		memcpy(found.mac, in + AT_KEY, STATE_KEY);
	}
	*r = found;
	return STATE_RECORD_GOOD;
}

/* A record that is authentic is, to the byte, what its host would write again. */
int state_record_unlock(struct state_record *r, const uint8_t in[static STATE_BLOCK],
			const struct state_seal *seal, struct err *e)
{
	uint8_t again[STATE_BLOCK];

	if (!r->sealed)
		return 0;
	if (!seal)
		return err_set(e, ERR_INVALID,
			       "the key of the store is sealed by the TPM of a host");
	if (seal->unseal(seal->context, r->object, r->object_len, r->key, e) < 0 ||
	    derive_mac(r, e) < 0)
		return -1;
	state_record_write(r, again);
	if (CRYPTO_memcmp(again, in, STATE_BLOCK) != 0)
		return err_set(
			e, ERR_INVALID,
			"the record of the store was changed by somebody who has not its key");
	return 0;
}

bool state_record_same(const struct state_record *a, const struct state_record *b)
{
	return a->sealed == b->sealed && memcmp(a->id, b->id, STATE_ID) == 0 &&
	       CRYPTO_memcmp(a->key, b->key, STATE_KEY) == 0;
}
