// SPDX-License-Identifier: Apache-2.0
/*
 * A TPM that answers anything. The first byte says what is asked of it; an object to be unsealed
 * comes first, then the answers, each with its length (2 bytes, little endian) in front.
 */
#include <openssl/sha.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/le.h"
#include "userworld/tpm/seal.h"

#define SECRET 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

/* The next part, in memory of its own size, so that nothing behind it can be read unseen. */
static uint8_t *next(struct input *in, size_t most, size_t *len)
{
	uint8_t *copy;

	*len = 0;
	if (in->left >= 2) {
		*len = le_get16(in->at);
		in->at += 2;
		in->left -= 2;
	}
	if (*len > in->left)
		*len = in->left;
	if (*len > most)
		*len = most;
	copy = malloc(*len + 1);
	if (*len)
		memcpy(copy, in->at, *len);
	in->at += *len;
	in->left -= *len;
	return copy;
}

/* One with sessions is long enough, and says so: then the rest is looked at. Others are as they
 * are. */
static int answer(void *context, const struct tpm_command *c, uint8_t answer[static TPM_ANSWER_MAX],
		  struct err *e)
{
	struct input *in = context;
	uint8_t *part;
	size_t len;

	if (c->len < 10 || c->len > sizeof(c->bytes))
		abort();
	if (!in->left)
		return err_set(e, ERR_UNAVAILABLE, "no further answer");
	part = next(in, TPM_ANSWER_MAX, &len);
	memcpy(answer, part, len);
	if (len >= 10 && answer[1] == 2) {
		memset(answer + 2, 0, 8);
		answer[4] = (uint8_t)(len >> 8);
		answer[5] = (uint8_t)len;
	}
	free(part);
	return (int)len;
}

/* Else no input would get beyond the first answer: the key in it is the one that sealed. */
static void make_it_fit(uint8_t *object, size_t len, struct input in)
{
	struct tpm_bytes whole;
	uint8_t *first;
	uint32_t handle;
	size_t size;

	first = next(&in, TPM_ANSWER_MAX, &size);
	if (len >= 36 && tpm_answer_primary(first, size, &handle, &whole))
		SHA256(whole.at, whole.len, object + 4);
	free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data + 1, size - 1 };
	const struct tpm_link link = { answer, &in };
	uint8_t secret[SECRET] = { 1 }, out[300];
	struct err e = ERR_INIT;
	uint8_t *object;
	size_t len;
	int rc;

	if (size < 1)
		return 0;
	if (data[0] & 1) {
		rc = tpm_seal(&link, data[0] & 2 ? TPM_BOUND_PCR7 : TPM_BOUND_TPM, secret, SECRET,
			      out, sizeof(out), &e);
		if (rc > (int)sizeof(out) || rc == 0)
			abort();
	} else {
		object = next(&in, 1024, &len);
		make_it_fit(object, len, in);
		rc = tpm_unseal(&link, object, len, secret, SECRET, &e);
		free(object);
	}
	if (rc < 0 && (e.kind == ERR_NONE || !e.text[0]))
		abort();
	return 0;
}
