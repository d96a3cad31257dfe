/* SPDX-License-Identifier: Apache-2.0 */
/* The codes with which a TPM refuses a command. */
#ifndef VISOR_TPM_WORDS_H
#define VISOR_TPM_WORDS_H

#include <stdint.h>

#define TPM_INTEGRITY 0x9f /* an object that this TPM has not made, or that was changed */
#define TPM_POLICY_FAIL 0x9d

/* Which of them it is, without the parameter, handle or session that it is about. */
uint32_t tpm_code_plain(uint32_t code);

/* Why, and what can be done. */
const char *tpm_code_words(uint32_t code);

#endif
