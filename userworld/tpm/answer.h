/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a TPM answers. It is believed in nothing but that it is so many bytes: all functions look
 * where these end. They return false if an answer is too short, or contradicts itself.
 */
#ifndef VISOR_TPM_ANSWER_H
#define VISOR_TPM_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TPM_ANSWER_MAX 4096

struct tpm_bytes {
	const uint8_t *at; /* inside the answer */
	size_t len;
};

/* *code: 0 if the command was done, else why not (words.h). */
bool tpm_answer_code(const uint8_t *answer, size_t len, uint32_t *code);

/* Of tpm_command_primary(); whole: its public area with its size in front. */
bool tpm_answer_primary(const uint8_t *answer, size_t len, uint32_t *handle,
			struct tpm_bytes *whole);

/* Of tpm_command_create(): private and public part, each with its size in front. */
bool tpm_answer_create(const uint8_t *answer, size_t len, struct tpm_bytes *parts);

/* Of tpm_command_load() and tpm_command_session(). */
bool tpm_answer_handle(const uint8_t *answer, size_t len, uint32_t *handle);

/* Of tpm_command_unseal(). */
bool tpm_answer_unseal(const uint8_t *answer, size_t len, struct tpm_bytes *secret);

/* Of tpm_command_policy_digest(). */
bool tpm_answer_digest(const uint8_t *answer, size_t len, struct tpm_bytes *digest);

/* Are these just a private and a public part, each with its size in front? */
bool tpm_parts_fit(const uint8_t *parts, size_t len);

#endif
