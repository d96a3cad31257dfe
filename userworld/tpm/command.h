/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands of TPM 2.0 as bytes (TCG, "TPM 2.0 Library", part 3: Commands). Only what sealing needs;
 * a library for all of them would be larger than everything that uses it here.
 */
#ifndef VISOR_TPM_COMMAND_H
#define VISOR_TPM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TPM_COMMAND_MAX 1280
#define TPM_DIGEST 32		 /* bytes of SHA-256 */
#define TPM_SECRET_MAX 128	 /* bytes that a TPM seals */
#define TPM_PASSWORD 0x40000009u /* instead of a session: the empty password */

struct tpm_command {
	uint8_t bytes[TPM_COMMAND_MAX];
	size_t len;
};

/*
 * The key that seals, of the owner's seed: ECC P-256 with AES-128, always the same one until the
 * TPM is cleared, so that it need not be kept anywhere.
 */
void tpm_command_primary(struct tpm_command *c);

/* An object of a secret below that key. policy is a digest, or NULL: an empty password opens it. */
void tpm_command_create(struct tpm_command *c, uint32_t parent, const uint8_t *policy,
			const uint8_t *secret, size_t len);

/* parts: TPM2B_PRIVATE and TPM2B_PUBLIC as the TPM gave them; false if they are too long. */
bool tpm_command_load(struct tpm_command *c, uint32_t parent, const uint8_t *parts, size_t len);

/* session: one that meets the policy, or TPM_PASSWORD. */
void tpm_command_unseal(struct tpm_command *c, uint32_t object, uint32_t session);

/* A session for a policy; on trial it only computes the digest. */
void tpm_command_session(struct tpm_command *c, bool trial);

/* Demands that register 7 (SHA-256) is as it is now. */
void tpm_command_policy_pcr7(struct tpm_command *c, uint32_t session);

void tpm_command_policy_digest(struct tpm_command *c, uint32_t session);

#endif
