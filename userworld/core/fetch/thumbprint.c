// SPDX-License-Identifier: Apache-2.0
#include "thumbprint.h"

#include <ctype.h>
#include <stdio.h>

int thumbprint_of(const X509 *certificate, char out[static THUMBPRINT])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (!X509_digest(certificate, EVP_sha256(), digest, &len) || len != 32)
		return -1;
	for (unsigned int i = 0; i < len; i++)
		snprintf(out + 3 * i, 4, "%02X%s", digest[i], i + 1 < len ? ":" : "");
	return 0;
}

bool thumbprint_same(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += *a == ':';
		b += *b == ':';
		if (toupper((unsigned char)*a) != toupper((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}
