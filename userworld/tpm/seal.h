/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A secret as an object that only the same TPM opens again. An object, a contract (docs/media.md):
 * what it is bound to (4 bytes, little endian), SHA-256 of the public area of the key that seals
 * (32), private and public part as the TPM made them.
 */
#ifndef VISOR_TPM_SEAL_H
#define VISOR_TPM_SEAL_H

#include "userworld/tpm/link.h"

enum tpm_bound {
	TPM_BOUND_TPM = 0,  /* to the TPM and nothing else */
	TPM_BOUND_PCR7 = 1, /* to what Secure Boot trusts, too */
};

/* Returns the bytes of the object in out. */
int tpm_seal(const struct tpm_link *tpm, enum tpm_bound bound, const uint8_t *secret, size_t len,
	     uint8_t *out, size_t room, struct err *e);

/* ERR_INVALID: this TPM does not open it, or not now. The secret has len bytes. */
int tpm_unseal(const struct tpm_link *tpm, const uint8_t *object, size_t size, uint8_t *secret,
	       size_t len, struct err *e);

#endif
