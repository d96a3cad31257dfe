/* SPDX-License-Identifier: Apache-2.0 */
/* Who keeps the key of a store in tests: a TPM that is a number. */
#ifndef TESTS_UNIT_FAKE_SEAL_H
#define TESTS_UNIT_FAKE_SEAL_H

#include "userworld/state/seal.h"

#define FAKE_OBJECT (STATE_KEY + 1)

/* The object is the number and the key, each byte changed by it; 0 seals and unseals nothing. */
static inline int fake_do_seal(void *context, const uint8_t key[static STATE_KEY],
			       uint8_t out[static STATE_SEALED_MAX], struct err *e)
{
	const uint8_t *number = context;

	if (!*number)
		return err_set(e, ERR_UNAVAILABLE, "there is no TPM");
	out[0] = *number;
	for (int i = 0; i < STATE_KEY; i++)
		out[i + 1] = key[i] ^ *number ^ (uint8_t)i;
	return FAKE_OBJECT;
}

static inline int fake_do_unseal(void *context, const uint8_t *object, size_t len,
				 uint8_t key[static STATE_KEY], struct err *e)
{
	const uint8_t *number = context;

	if (!*number)
		return err_set(e, ERR_UNAVAILABLE, "there is no TPM");
	if (len != FAKE_OBJECT || object[0] != *number)
		return err_set(e, ERR_INVALID, "was sealed by TPM %u", object[0]);
	for (int i = 0; i < STATE_KEY; i++)
		key[i] = object[i + 1] ^ *number ^ (uint8_t)i;
	return 0;
}

static inline struct state_seal fake_seal(uint8_t *number)
{
	return (struct state_seal){ fake_do_seal, fake_do_unseal, number };
}

#endif
