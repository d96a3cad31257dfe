// SPDX-License-Identifier: Apache-2.0
#include "userworld/tpm/words.h"

#include <stddef.h>

#define ABOUT_SOMETHING 0x80 /* bit of codes that say which parameter they mean (format one) */

uint32_t tpm_code_plain(uint32_t code)
{
	return code & ABOUT_SOMETHING ? code & 0xbf : code;
}

const char *tpm_code_words(uint32_t code)
{
	static const struct {
		uint32_t code;
		const char *words;
	} table[] = {
		{ 0x85, "its owner hierarchy is switched off: see the firmware's menu" },
		{ 0x8e, "its owner has a password, or one was wrong: clear the TPM, or take the "
			"password away" },
		{ 0xa2, "its owner has a password: clear the TPM, or take the password away" },
		{ TPM_INTEGRITY, "the sealed object was changed" },
		{ TPM_POLICY_FAIL, "its registers are not as they were then" },
		{ 0x101, "it has failed: switch the machine off and on" },
		{ 0x120, "its owner hierarchy is switched off: see the firmware's menu" },
		{ 0x921, "it is locked because passwords were wrong: wait, or clear it" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].code == tpm_code_plain(code))
			return table[i].words;
	return "it gives no other reason";
}
