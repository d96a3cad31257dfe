// SPDX-License-Identifier: Apache-2.0
/* Tokens for programs. */
#include "token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "userworld/core/internal.h"

#define PREFIX_LENGTH (sizeof(TOKEN_PREFIX) - 1)

static void hex(const unsigned char *bytes, size_t count, char *out)
{
	for (size_t i = 0; i < count; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

int token_make(char out[static TOKEN_LENGTH + 1], struct err *e)
{
	unsigned char bytes[(TOKEN_LENGTH - PREFIX_LENGTH) / 2];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return err_set(e, ERR_SYSTEM, "no random numbers");
	strcpy(out, TOKEN_PREFIX);
	hex(bytes, sizeof(bytes), out + PREFIX_LENGTH);
	explicit_bzero(bytes, sizeof(bytes));
	return 0;
}

int token_digest(const char *token, char out[static TOKEN_DIGEST + 1], struct err *e)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (strlen(token) != TOKEN_LENGTH || strncmp(token, TOKEN_PREFIX, PREFIX_LENGTH) != 0)
		return err_set(e, ERR_AUTH, "this is no token of a user");
	if (!EVP_Digest(token, TOKEN_LENGTH, digest, NULL, EVP_sha256(), NULL))
		return err_set(e, ERR_SYSTEM, "SHA-256 failed");
	hex(digest, TOKEN_DIGEST / 2, out);
	return 0;
}

int token_add(json_t *all, const char *name, const char *user, enum core_role role,
	      const char *digest, time_t now, time_t expires, struct err *e)
{
	enum core_role own = accounts_role(all, user);
	json_t *entry;

	if (own == CORE_NOBODY)
		return err_set(e, ERR_INVALID,
			       "%s: no such user, or one without role: see 'system permission set'",
			       user);
	if (role > own)
		return err_set(e, ERR_DENIED, "%s: is %s, a token cannot be %s", user,
			       role_name(own), role_name(role));
	entry = json_pack("{s:s, s:s, s:I, s:I}", "user", user, "sha256", digest, "created",
			  (json_int_t)now, "expires", (json_int_t)expires);
	if (entry && role != CORE_NOBODY)
		json_object_set_new(entry, "role", json_string(role_name(role)));
	return accounts_put(all, "tokens", name, entry, e);
}

static const json_t *find(const json_t *all, const char *digest)
{
	const char *name;
	json_t *entry;

	json_object_foreach (json_object_get(all, "tokens"), name, entry) {
		const char *own = json_string_value(json_object_get(entry, "sha256"));

		if (own && strlen(own) == TOKEN_DIGEST && !CRYPTO_memcmp(own, digest, TOKEN_DIGEST))
			return entry;
	}
	return NULL;
}

int token_find(const json_t *all, const char *digest, time_t now, const char **user,
	       enum core_role *role, struct err *e)
{
	const json_t *entry = find(all, digest);
	const json_t *limit = json_object_get(entry, "role");

	*user = json_string_value(json_object_get(entry, "user"));
	if (!*user)
		return err_set(e, ERR_AUTH, "no such token");
	if (json_integer_value(json_object_get(entry, "expires")) <= now)
		return err_set(e, ERR_AUTH,
			       "the token has expired: an administrator makes a new "
			       "one with 'system account token add'");
	*role = accounts_role(all, *user);
	if (limit && role_of(json_string_value(limit)) < *role)
		*role = role_of(json_string_value(limit));
	if (*role == CORE_NOBODY)
		return err_set(e, ERR_AUTH, "user %s has no role any more", *user);
	return 0;
}
