// SPDX-License-Identifier: Apache-2.0
/* Sealing with a TPM: the bytes of each command, and every answer that can be wrong. */
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/tpm_talk.h"
#include "tests/unit/unit.h"
#include "userworld/tpm/seal.h"
#include "userworld/tpm/words.h"

#define ROUNDS 8
#define SECRET 32

/* What is expected and answered, one after the other. */
struct talk {
	struct round {
		const uint8_t *command; /* NULL: any */
		size_t command_len;
		const uint8_t *answer;
		size_t answer_len;
	} rounds[ROUNDS];
	unsigned int count, at;
	unsigned int broken_round; /* whose answer is changed: */
	size_t cut;		   /* only so many bytes, if above 0 */
	size_t flip;		   /* this byte is another one, if above 0 */
};

static int answer_as_recorded(void *context, const struct tpm_command *c,
			      uint8_t answer[static TPM_ANSWER_MAX], struct err *e)
{
	struct talk *t = context;
	const struct round *r = &t->rounds[t->at];
	bool broken = t->at == t->broken_round;

	if (t->at++ >= t->count)
		return err_set(e, ERR_UNAVAILABLE, "nobody expected a further command");
	if (r->command) {
		assert_int_equal(c->len, r->command_len);
		assert_memory_equal(c->bytes, r->command, c->len);
	}
	memcpy(answer, r->answer, r->answer_len);
	if (broken && t->flip)
		answer[t->flip] ^= 0xff;
	return (int)(broken && t->cut ? t->cut : r->answer_len);
}

static void add(struct talk *t, const uint8_t *command, size_t command_len, const uint8_t *answer,
		size_t answer_len)
{
	t->rounds[t->count++] = (struct round){ command, command_len, answer, answer_len };
}

#define ADD(t, command, answer) \
	add(t, talk_##command, sizeof(talk_##command), talk_##answer, sizeof(talk_##answer))
#define ADD_ANY(t, answer) add(t, NULL, 0, talk_##answer, sizeof(talk_##answer))

static struct talk sealing(enum tpm_bound bound)
{
	struct talk t = { .broken_round = ROUNDS };

	ADD(&t, primary_command, primary);
	if (bound == TPM_BOUND_PCR7) {
		ADD(&t, trial_command, trial);
		ADD(&t, pcr_command, pcr);
		ADD(&t, digest_command, digest);
		ADD(&t, create7_command, create7);
	} else {
		ADD(&t, create_command, create);
	}
	return t;
}

static struct talk unsealing(enum tpm_bound bound)
{
	struct talk t = { .broken_round = ROUNDS };

	ADD(&t, primary_command, primary);
	if (bound == TPM_BOUND_PCR7) {
		ADD_ANY(&t, load7);
		ADD(&t, policy_command, policy);
		ADD_ANY(&t, pcr);
		ADD(&t, unseal7_command, unseal7);
	} else {
		ADD(&t, load_command, load);
		ADD(&t, unseal_command, unseal);
	}
	return t;
}

static void fill(uint8_t secret[static SECRET])
{
	for (int i = 0; i < SECRET; i++)
		secret[i] = (uint8_t)(0x40 + i);
}

static int run_seal(struct talk *t, enum tpm_bound bound, uint8_t *out, size_t room, struct err *e)
{
	const struct tpm_link link = { answer_as_recorded, t };
	uint8_t secret[SECRET];

	fill(secret);
	*e = (struct err)ERR_INIT;
	return tpm_seal(&link, bound, secret, SECRET, out, room, e);
}

static int run_unseal(struct talk *t, const uint8_t *object, size_t len,
		      uint8_t secret[static SECRET], struct err *e)
{
	const struct tpm_link link = { answer_as_recorded, t };

	*e = (struct err)ERR_INIT;
	return tpm_unseal(&link, object, len, secret, SECRET, e);
}

/* The object that is made of what the TPM answered. */
static size_t make_object(enum tpm_bound bound, uint8_t out[static 1024])
{
	struct talk t = sealing(bound);
	struct err e;
	int len = run_seal(&t, bound, out, 1024, &e);

	if (len < 0)
		fail_msg("%s", e.text);
	assert_int_equal(t.at, t.count);
	return (size_t)len;
}

static void there_and_back(void **state)
{
	static const enum tpm_bound bounds[] = { TPM_BOUND_TPM, TPM_BOUND_PCR7 };
	uint8_t object[1024], secret[SECRET], want[SECRET], sum[SHA256_DIGEST_LENGTH];
	struct err e;

	(void)state;
	fill(want);
	/* The public area of the primary key, with its size, begins behind handle and sizes. */
	SHA256(talk_primary + 18, 2 + 0x5a, sum);
	for (size_t i = 0; i < 2; i++) {
		size_t len = make_object(bounds[i], object);
		struct talk t = unsealing(bounds[i]);

		assert_int_equal(object[0], bounds[i]);
		assert_memory_equal(object + 4, sum, sizeof(sum));
		if (run_unseal(&t, object, len, secret, &e) < 0)
			fail_msg("%s", e.text);
		assert_int_equal(t.at, t.count);
		assert_memory_equal(secret, want, SECRET);
	}
}

static void refusals(void **state)
{
	uint8_t object[1024], secret[SECRET];
	size_t len = make_object(TPM_BOUND_TPM, object);
	struct talk other = { .broken_round = ROUNDS }, changed = other, owned = other,
		    moved = other;
	struct err e;

	(void)state;
	ADD_ANY(&other, other_primary);
	assert_int_equal(run_unseal(&other, object, len, secret, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_non_null(strstr(e.text, "another machine, or this TPM was cleared"));

	ADD_ANY(&changed, primary);
	ADD_ANY(&changed, other_load);
	assert_int_equal(run_unseal(&changed, object, len, secret, &e), -1);
	assert_non_null(strstr(e.text, "the sealed object was changed (0x1df)"));

	ADD_ANY(&owned, owner_password);
	assert_int_equal(run_seal(&owned, TPM_BOUND_TPM, object, sizeof(object), &e), -1);
	assert_non_null(strstr(e.text, "owner has a password"));

	len = make_object(TPM_BOUND_PCR7, object);
	ADD_ANY(&moved, primary);
	ADD_ANY(&moved, load7);
	ADD_ANY(&moved, policy);
	ADD_ANY(&moved, pcr);
	ADD_ANY(&moved, policy_fail);
	assert_int_equal(run_unseal(&moved, object, len, secret, &e), -1);
	assert_non_null(strstr(e.text, "Secure Boot trusts (PCR 7)"));
}

/* Each answer cut at each byte: refused, and nothing behind its end is read (sanitizers). */
static void cut_answers(void **state)
{
	uint8_t object[1024], secret[SECRET];
	size_t len = make_object(TPM_BOUND_PCR7, object), tried = 0;
	struct err e;

	(void)state;
	for (unsigned int round = 0; round < 5; round++) {
		struct talk t = unsealing(TPM_BOUND_PCR7);

		for (size_t cut = 1; cut < t.rounds[round].answer_len; cut++, tried++) {
			t.at = 0;
			t.broken_round = round;
			t.cut = cut;
			if (run_unseal(&t, object, len, secret, &e) == 0)
				fail_msg("answer %u of %zu bytes is taken", round, cut);
			assert_int_equal(e.kind, ERR_INVALID);
		}
	}
	assert_true(tried > 400);
}

/* Each byte of each answer is another one: whatever comes of it, a failure has its words. */
static void changed_answers(void **state)
{
	uint8_t object[1024], again[1024], secret[SECRET];
	size_t len = make_object(TPM_BOUND_PCR7, object);
	struct err e;

	(void)state;
	for (unsigned int round = 0; round < 5; round++) {
		struct talk t = unsealing(TPM_BOUND_PCR7), s = sealing(TPM_BOUND_PCR7);

		for (size_t i = 2; i < t.rounds[round].answer_len; i++) {
			/* Another handle makes another command, which is right. */
			for (unsigned int k = 0; k < ROUNDS; k++)
				t.rounds[k].command = NULL;
			t.at = 0;
			t.broken_round = round;
			t.flip = i;
			if (run_unseal(&t, object, len, secret, &e) < 0)
				assert_true(e.kind != ERR_NONE && e.text[0]);
			else
				assert_true(round > 0 || i < 18 || i >= 18 + 2 + 0x5a);
		}
		for (size_t i = 2; i < s.rounds[round].answer_len; i++) {
			for (unsigned int k = 0; k < ROUNDS; k++)
				s.rounds[k].command = NULL;
			s.at = 0;
			s.broken_round = round;
			s.flip = i;
			if (run_seal(&s, TPM_BOUND_PCR7, again, sizeof(again), &e) < 0)
				assert_true(e.kind != ERR_NONE && e.text[0]);
		}
	}
}

static void bad_objects(void **state)
{
	uint8_t object[1024], big[TPM_COMMAND_MAX + 100] = { 0 }, secret[SECRET];
	size_t len = make_object(TPM_BOUND_TPM, object);
	struct talk t = unsealing(TPM_BOUND_TPM);
	struct err e;

	(void)state;
	for (size_t i = 0; i < len; i++) {
		t.at = 0;
		assert_int_equal(run_unseal(&t, object, i, secret, &e), -1);
		assert_non_null(strstr(e.text, "of a kind that is not known"));
		assert_int_equal(t.at, 0); /* the TPM is not even asked */
	}
	t.at = 0;
	assert_int_equal(run_unseal(&t, object, len + 1, secret, &e), -1);
	object[0] = 2;
	assert_int_equal(run_unseal(&t, object, len, secret, &e), -1);
	/* A part that is longer than any command. */
	memcpy(big, object, 36);
	big[0] = 0;
	big[36] = (TPM_COMMAND_MAX >> 8) & 0xff;
	big[37] = TPM_COMMAND_MAX & 0xff;
	assert_int_equal(run_unseal(&t, big, 36 + 2 + TPM_COMMAND_MAX + 2, secret, &e), -1);
	assert_non_null(strstr(e.text, "too long"));
	/* Too little room for what the TPM made. */
	for (size_t room = 0; room < len; room += 20) {
		struct talk s = sealing(TPM_BOUND_TPM);

		assert_int_equal(run_seal(&s, TPM_BOUND_TPM, big, room, &e), -1);
	}
}

static void codes(void **state)
{
	(void)state;
	assert_int_equal(tpm_code_plain(0x99d), TPM_POLICY_FAIL);
	assert_int_equal(tpm_code_plain(0x1df), TPM_INTEGRITY);
	assert_int_equal(tpm_code_plain(0x921), 0x921);
	assert_string_equal(tpm_code_words(0x123), "it gives no other reason");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back), cmocka_unit_test(refusals),
		cmocka_unit_test(cut_answers),	  cmocka_unit_test(changed_answers),
		cmocka_unit_test(bad_objects),	  cmocka_unit_test(codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
