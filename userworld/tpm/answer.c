// SPDX-License-Identifier: Apache-2.0
#include "userworld/tpm/answer.h"

#define HEADER 10 /* tag, length, code */

/* What is left to be read; once it was too little, it stays so. */
struct reader {
	const uint8_t *at;
	size_t left;
	bool short_;
};

static const uint8_t *take(struct reader *r, size_t len)
{
	const uint8_t *at = r->at;

	if (r->short_ || len > r->left) {
		r->short_ = true;
		return NULL;
	}
	r->at += len;
	r->left -= len;
	return at;
}

static uint32_t take16(struct reader *r)
{
	const uint8_t *p = take(r, 2);

	return p ? (uint32_t)p[0] << 8 | p[1] : 0;
}

static uint32_t take32(struct reader *r)
{
	uint32_t high = take16(r);

	return high << 16 | take16(r);
}

/* Bytes with their number in front; whole: that number, too. */
static struct tpm_bytes take_sized(struct reader *r, bool whole)
{
	const uint8_t *begin = r->at;
	size_t len = take16(r);
	const uint8_t *at = take(r, len);

	return whole ? (struct tpm_bytes){ begin, len + 2 } : (struct tpm_bytes){ at, len };
}

/* Behind the header, and behind so many handles; with the size of the parameters if it has one. */
static struct reader begin(const uint8_t *answer, size_t len, uint32_t *handle, bool sized)
{
	struct reader r = { answer, len, false };

	take(&r, HEADER);
	if (handle)
		*handle = take32(&r);
	if (sized) {
		size_t size = take32(&r);

		if (size > r.left)
			r.short_ = true;
		else
			r.left = size; /* what follows is about the session */
	}
	return r;
}

bool tpm_answer_code(const uint8_t *answer, size_t len, uint32_t *code)
{
	struct reader r = { answer, len, false };

	take16(&r);
	if (take32(&r) != len)
		r.short_ = true;
	*code = take32(&r);
	return !r.short_;
}

bool tpm_answer_primary(const uint8_t *answer, size_t len, uint32_t *handle,
			struct tpm_bytes *whole)
{
	struct reader r = begin(answer, len, handle, true);

	*whole = take_sized(&r, true);
	return !r.short_;
}

bool tpm_answer_create(const uint8_t *answer, size_t len, struct tpm_bytes *parts)
{
	struct reader r = begin(answer, len, NULL, true);

	*parts = take_sized(&r, true);
	parts->len += take_sized(&r, true).len;
	return !r.short_;
}

bool tpm_answer_handle(const uint8_t *answer, size_t len, uint32_t *handle)
{
	struct reader r = begin(answer, len, handle, false);

	return !r.short_;
}

bool tpm_answer_unseal(const uint8_t *answer, size_t len, struct tpm_bytes *secret)
{
	struct reader r = begin(answer, len, NULL, true);

	*secret = take_sized(&r, false);
	return !r.short_;
}

bool tpm_answer_digest(const uint8_t *answer, size_t len, struct tpm_bytes *digest)
{
	struct reader r = begin(answer, len, NULL, false);

	*digest = take_sized(&r, false);
	return !r.short_;
}

bool tpm_parts_fit(const uint8_t *parts, size_t len)
{
	struct reader r = { parts, len, false };

	take_sized(&r, false);
	take_sized(&r, false);
	return !r.short_ && r.left == 0;
}
