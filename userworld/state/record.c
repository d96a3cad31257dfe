// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/record.h"

#include <openssl/sha.h>
#include <string.h>

#define MAGIC "VOSSTORE"
#define VERSION 1
#define KEY_PLAIN 0 /* the key stands in the record as it is */

enum {
	AT_VERSION = 8,
	AT_LENGTH = 12,
	AT_ID = 16,
	AT_KIND = 32,
	AT_KEY_LEN = 36,
	AT_KEY = 40,
	AT_SUM = STATE_BLOCK - STATE_SUM
};

void state_record_write(const struct state_record *r, uint8_t out[static STATE_BLOCK])
{
	memset(out, 0, STATE_BLOCK);
	memcpy(out, MAGIC, 8);
	le_put32(out + AT_VERSION, VERSION);
	le_put32(out + AT_LENGTH, STATE_BLOCK);
	memcpy(out + AT_ID, r->id, STATE_ID);
	le_put32(out + AT_KIND, KEY_PLAIN);
	le_put32(out + AT_KEY_LEN, STATE_KEY);
	memcpy(out + AT_KEY, r->key, STATE_KEY);
	SHA256(out, AT_SUM, out + AT_SUM);
}

enum state_record_found state_record_read(const uint8_t in[static STATE_BLOCK],
					  struct state_record *r)
{
	uint8_t sum[STATE_SUM];

	if (memcmp(in, MAGIC, 8) != 0)
		return STATE_RECORD_NONE;
	SHA256(in, AT_SUM, sum);
	if (memcmp(sum, in + AT_SUM, STATE_SUM) != 0)
		return STATE_RECORD_DAMAGED;
	if (le_get32(in + AT_VERSION) != VERSION || le_get32(in + AT_LENGTH) != STATE_BLOCK ||
	    le_get32(in + AT_KIND) != KEY_PLAIN || le_get32(in + AT_KEY_LEN) != STATE_KEY)
		return STATE_RECORD_FUTURE;
	memcpy(r->id, in + AT_ID, STATE_ID);
	memcpy(r->key, in + AT_KEY, STATE_KEY);
	return STATE_RECORD_GOOD;
}
