// SPDX-License-Identifier: Apache-2.0
/* Password rules and hashes. */
#include "password.h"

#include <crypt.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* Length counts characters: bytes that do not continue one. */
static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static unsigned int classes(const char *text)
{
	bool lower = false, upper = false, digit = false, other = false;

	for (; *text; text++) {
		lower |= *text >= 'a' && *text <= 'z';
		upper |= *text >= 'A' && *text <= 'Z';
		digit |= *text >= '0' && *text <= '9';
		other |= !isalnum((unsigned char)*text);
	}
	return lower + upper + digit + other;
}

int password_check(const char *user, const char *password, const struct password_rule *rule,
		   struct err *e)
{
	if (characters(password) < rule->length)
		return err_set(e, ERR_INVALID, "password: needs at least %u characters",
			       rule->length);
	if (classes(password) < rule->classes)
		return err_set(e, ERR_INVALID,
			       "password: needs at least %u of lower case, upper case, digits and "
			       "other characters",
			       rule->classes);
	if (strlen(password) > PASSWORD_MAX)
		return err_set(e, ERR_INVALID, "password: may have %d bytes", PASSWORD_MAX);
	if (!strcmp(user, password))
		return err_set(e, ERR_INVALID, "password: must differ from the user's name");
	if (strspn(password, (char[]){ password[0], '\0' }) == strlen(password))
		return err_set(e, ERR_INVALID, "password: must not be one character repeated");
	return 0;
}

/* The state of crypt_r() holds the password: wipe it before it is freed. */
static void end_crypt(struct crypt_data **data)
{
	if (*data)
		explicit_bzero(*data, sizeof(**data));
	free(*data);
}

#define _cleanup_crypt_ _cleanup_(end_crypt)

int password_hash(const char *password, char out[static SHADOW_HASH_MAX], struct err *e)
{
	_cleanup_crypt_ struct crypt_data *data = calloc(1, sizeof(*data));
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *hash;

	if (!data)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (!crypt_gensalt_rn("$y$", 0, NULL, 0, salt, sizeof(salt)))
		return err_sys(e, errno, "making a password salt");
	hash = crypt_r(password, salt, data);
	if (!hash || hash[0] == '*')
		return err_sys(e, errno, "hashing the password");
	if (strlen(hash) >= SHADOW_HASH_MAX)
		return err_set(e, ERR_SYSTEM, "the password hash is too long");
	strcpy(out, hash);
	return 0;
}

bool password_matches(const char *password, const char *hash)
{
	_cleanup_crypt_ struct crypt_data *data = calloc(1, sizeof(*data));
	unsigned char different = 0;
	const char *made;

	if (!data || !shadow_is_set(hash))
		return false;
	made = crypt_r(password, hash, data);
	if (!made || made[0] == '*' || strlen(made) != strlen(hash))
		return false;
	for (size_t i = 0; hash[i]; i++)
		different |= (unsigned char)(made[i] ^ hash[i]);
	return different == 0;
}
