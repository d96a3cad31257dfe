// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/header.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <string.h>

#define MAGIC "VOSSTATE"
#define VERSION 1

enum {
	AT_VERSION = 8,
	AT_LENGTH = 12,
	AT_NUMBER = 16,
	AT_FOLLOWS = 24,
	AT_TIME = 32,
	AT_SLOT = 40,
	AT_SIZE = 44,
	AT_PAYLOAD_SUM = 48,
	AT_STORE = 80,
	AT_FLAGS = 96,
	AT_FORMAT = 100,
	AT_BUILD = 104,
	AT_WHO = 128,
	AT_WHY = 192,
	AT_NONCE = 448,
	AT_TAG = 464,
	AT_HMAC = STATE_BLOCK - STATE_SUM,
};

uint32_t state_slots_of(uint32_t size)
{
	return (uint32_t)(((uint64_t)size + STATE_BLOCK + STATE_SLOT - 1) / STATE_SLOT);
}

static void authenticate(const uint8_t *in, const struct state_record *store,
			 uint8_t out[static STATE_SUM])
{
	unsigned int len = STATE_SUM;

	HMAC(EVP_sha256(), store->mac, STATE_KEY, in, AT_HMAC, out, &len);
}

/* A field need not end with 0. */
static void put_text(uint8_t *field, size_t room, const char *text)
{
	memcpy(field, text, strnlen(text, room));
}

/* Control characters and what is not ASCII become '?': it goes to terminals and into JSON. */
static void get_text(const uint8_t *field, size_t room, char *text)
{
	size_t len = strnlen((const char *)field, room);

	for (size_t i = 0; i < len; i++)
		text[i] = field[i] >= ' ' && field[i] < 127 ? (char)field[i] : '?';
	text[len] = '\0';
}

void state_header_write(const struct state_header *h, const struct state_record *store,
			uint8_t out[static STATE_BLOCK])
{
	memset(out, 0, STATE_BLOCK);
	memcpy(out, MAGIC, 8);
	le_put32(out + AT_VERSION, VERSION);
	le_put32(out + AT_LENGTH, STATE_BLOCK);
	le_put64(out + AT_NUMBER, h->number);
	le_put64(out + AT_FOLLOWS, h->follows);
	le_put64(out + AT_TIME, (uint64_t)h->time);
	le_put32(out + AT_SLOT, h->slot);
	le_put32(out + AT_SIZE, h->size);
	memcpy(out + AT_PAYLOAD_SUM, h->sum, STATE_SUM);
	memcpy(out + AT_STORE, store->id, STATE_ID);
	le_put32(out + AT_FLAGS, h->flags);
	le_put32(out + AT_FORMAT, h->format);
	put_text(out + AT_BUILD, STATE_BUILD_MAX, h->build);
	put_text(out + AT_WHO, STATE_WHO_MAX, h->who);
	put_text(out + AT_WHY, STATE_WHY_MAX, h->why);
	memcpy(out + AT_NONCE, h->nonce, STATE_NONCE);
	memcpy(out + AT_TAG, h->tag, STATE_TAG);
	authenticate(out, store, out + AT_HMAC);
}

static void get_fields(const uint8_t *in, struct state_header *h)
{
	h->number = le_get64(in + AT_NUMBER);
	h->follows = le_get64(in + AT_FOLLOWS);
	h->time = (int64_t)le_get64(in + AT_TIME);
	h->slot = le_get32(in + AT_SLOT);
	h->size = le_get32(in + AT_SIZE);
	h->flags = le_get32(in + AT_FLAGS);
	h->format = le_get32(in + AT_FORMAT);
	memcpy(h->sum, in + AT_PAYLOAD_SUM, STATE_SUM);
	memcpy(h->nonce, in + AT_NONCE, STATE_NONCE);
	memcpy(h->tag, in + AT_TAG, STATE_TAG);
	get_text(in + AT_BUILD, STATE_BUILD_MAX, h->build);
	get_text(in + AT_WHO, STATE_WHO_MAX, h->who);
	get_text(in + AT_WHY, STATE_WHY_MAX, h->why);
}

/* Without a record there is no identity: zeros are nobody's. */
static bool is_of(const uint8_t *in, const struct state_record *store)
{
	static const uint8_t nobody[STATE_ID];

	return memcmp(store->id, nobody, STATE_ID) != 0 &&
	       memcmp(in + AT_STORE, store->id, STATE_ID) == 0;
}

enum state_header_found state_header_read(const uint8_t in[static STATE_BLOCK], uint32_t slot,
					  const struct state_record *store, struct state_header *h)
{
	bool ours = is_of(in, store);
	bool magic = memcmp(in, MAGIC, 8) == 0;
	uint8_t hmac[STATE_SUM];

	memset(h, 0, sizeof(*h));
	if (!magic && !ours)
		return STATE_HEADER_NONE;
	get_fields(in, h);
	if (!ours)
		return STATE_HEADER_FOREIGN;
	/* Else a bit of the newest one's magic would bring back an older one, and nobody knew. */
	if (!magic)
		return STATE_HEADER_DAMAGED;
	authenticate(in, store, hmac);
	if (CRYPTO_memcmp(hmac, in + AT_HMAC, STATE_SUM) != 0)
		return STATE_HEADER_DAMAGED;
	if (le_get32(in + AT_VERSION) != VERSION || le_get32(in + AT_LENGTH) != STATE_BLOCK ||
	    h->flags != (store->sealed ? STATE_ENCRYPTED : 0))
		return STATE_HEADER_FUTURE;
	if (h->slot != slot)
		return STATE_HEADER_FOREIGN;
	if (!h->number || !h->size)
		return STATE_HEADER_DAMAGED;
	return STATE_HEADER_GOOD;
}

const char *state_header_word(enum state_header_found found)
{
	static const char *const words[] = {
		[STATE_HEADER_NONE] = "missing",
		[STATE_HEADER_GOOD] = "good",
		[STATE_HEADER_DAMAGED] = "damaged, or was being written when the power went",
		[STATE_HEADER_FOREIGN] = "of another store",
		[STATE_HEADER_FUTURE] = "of a version that this build does not know",
	};

	return words[found];
}
