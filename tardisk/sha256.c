// SPDX-License-Identifier: Apache-2.0
#include "sha256.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "cleanup.h"

#define CHUNK (128u << 10)

int sha256_start(struct sha256 *s, struct err *e)
{
	s->context = EVP_MD_CTX_new();
	if (!s->context || !EVP_DigestInit_ex(s->context, EVP_sha256(), NULL))
		return err_set(e, ERR_SYSTEM, "SHA-256 is not available in this OpenSSL");
	return 0;
}

int sha256_add(struct sha256 *s, const void *data, size_t len, struct err *e)
{
	if (!EVP_DigestUpdate(s->context, data, len))
		return err_set(e, ERR_SYSTEM, "SHA-256 failed");
	return 0;
}

int sha256_end(struct sha256 *s, char hex[SHA256_HEX], struct err *e)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int len;

	if (!EVP_DigestFinal_ex(s->context, sum, &len) || len != SHA256_SIZE)
		return err_set(e, ERR_SYSTEM, "SHA-256 failed");
	sha256_text(sum, hex);
	return 0;
}

int sha256_of(const void *data, size_t len, unsigned char digest[SHA256_SIZE])
{
	return EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL) ? 0 : -1;
}

void sha256_text(const unsigned char digest[SHA256_SIZE], char hex[SHA256_HEX])
{
	for (unsigned int i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

void sha256_free(struct sha256 *s)
{
	EVP_MD_CTX_free(s->context);
	s->context = NULL;
}

static int add_file(struct sha256 *s, int fd, const char *name, unsigned long long *size,
		    struct err *e)
{
	_cleanup_free_ void *buf = malloc(CHUNK);
	ssize_t n;

	if (!buf)
		return err_sys(e, ENOMEM, "%.300s", name);
	for (*size = 0;; *size += (unsigned long long)n) {
		n = pread(fd, buf, CHUNK, (off_t)*size);
		if (n < 0)
			return err_sys(e, errno, "%.300s", name);
		if (!n)
			return 0;
		if (sha256_add(s, buf, (size_t)n, e))
			return -1;
	}
}

int sha256_file(int fd, const char *name, unsigned long long *size, char hex[SHA256_HEX],
		struct err *e)
{
	struct sha256 s = SHA256_INIT;
	int rc = sha256_start(&s, e);

	if (!rc)
		rc = add_file(&s, fd, name, size, e);
	if (!rc)
		rc = sha256_end(&s, hex, e);
	sha256_free(&s);
	return rc;
}
