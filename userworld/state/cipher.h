/* SPDX-License-Identifier: Apache-2.0 */
/* Keys made of the key of a sealed store, and payloads that are encrypted with one of them. */
#ifndef VISOR_STATE_CIPHER_H
#define VISOR_STATE_CIPHER_H

#include <stddef.h>

#include "err.h"
#include "userworld/state/layout.h"

#define STATE_LABEL_HEADER "VisorOS state header 1"
#define STATE_LABEL_PAYLOAD "VisorOS state payload 1"

/* HKDF-SHA256: the key, the store's identity as salt, the label as what it is for. */
int state_cipher_derive(const uint8_t key[static STATE_KEY], const uint8_t id[static STATE_ID],
			const char *label, uint8_t out[static STATE_KEY], struct err *e);

/* AES-256-GCM from in to out, as many bytes; a new nonce each time. */
int state_cipher_encrypt(const uint8_t key[static STATE_KEY], const uint8_t *in, uint8_t *out,
			 uint32_t len, uint8_t nonce[static STATE_NONCE],
			 uint8_t tag[static STATE_TAG], struct err *e);

/* In its place. ERR_INVALID if it is not what was encrypted with that key. */
int state_cipher_decrypt(const uint8_t key[static STATE_KEY], uint8_t *data, uint32_t len,
			 const uint8_t nonce[static STATE_NONCE],
			 const uint8_t tag[static STATE_TAG], struct err *e);

#endif
