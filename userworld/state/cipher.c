// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/cipher.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <string.h>

#include "cleanup.h"

static void end_cipher(EVP_CIPHER_CTX **c)
{
	EVP_CIPHER_CTX_free(*c);
}

int state_cipher_derive(const uint8_t key[static STATE_KEY], const uint8_t id[static STATE_ID],
			const char *label, uint8_t out[static STATE_KEY], struct err *e)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *c = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	/* OSSL_PARAM is for both ways, so it is not const; nothing is written through these. */
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, STATE_KEY),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)id, STATE_ID),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)label,
						  strlen(label)),
		OSSL_PARAM_construct_end(),
	};
	int rc = c ? EVP_KDF_derive(c, out, STATE_KEY, params) : 0;

	EVP_KDF_CTX_free(c);
	EVP_KDF_free(kdf);
	return rc == 1 ? 0 : err_set(e, ERR_SYSTEM, "no key could be made of that of the store");
}

int state_cipher_encrypt(const uint8_t key[static STATE_KEY], const uint8_t *in, uint8_t *out,
			 uint32_t len, uint8_t nonce[static STATE_NONCE],
			 uint8_t tag[static STATE_TAG], struct err *e)
{
	_cleanup_(end_cipher) EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int part;

	if (!c || RAND_bytes(nonce, STATE_NONCE) != 1 ||
	    EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce) != 1 ||
	    EVP_EncryptUpdate(c, out, &part, in, (int)len) != 1 ||
	    EVP_EncryptFinal_ex(c, out + part, &part) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, STATE_TAG, tag) != 1)
		return err_set(e, ERR_SYSTEM, "state could not be encrypted: out of memory?");
	return 0;
}

int state_cipher_decrypt(const uint8_t key[static STATE_KEY], uint8_t *data, uint32_t len,
			 const uint8_t nonce[static STATE_NONCE],
			 const uint8_t tag[static STATE_TAG], struct err *e)
{
	_cleanup_(end_cipher) EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int part;

	if (!c || EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, STATE_TAG, (void *)tag) != 1 ||
	    EVP_DecryptUpdate(c, data, &part, data, (int)len) != 1)
		return err_set(e, ERR_SYSTEM, "state could not be decrypted: out of memory?");
	if (EVP_DecryptFinal_ex(c, data + part, &part) != 1)
		return err_set(e, ERR_INVALID, "was not encrypted with the key of this store");
	return 0;
}
