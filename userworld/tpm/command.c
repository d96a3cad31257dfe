// SPDX-License-Identifier: Apache-2.0
#include "userworld/tpm/command.h"

#include <string.h>

enum {
	ST_NO_SESSIONS = 0x8001,
	ST_SESSIONS = 0x8002,

	CC_CREATE_PRIMARY = 0x131,
	CC_CREATE = 0x153,
	CC_LOAD = 0x157,
	CC_UNSEAL = 0x15e,
	CC_START_AUTH_SESSION = 0x176,
	CC_POLICY_PCR = 0x17f,
	CC_POLICY_GET_DIGEST = 0x189,

	RH_OWNER = 0x40000001,
	RH_NULL = 0x40000007,

	ALG_AES = 0x06,
	ALG_KEYEDHASH = 0x08,
	ALG_SHA256 = 0x0b,
	ALG_NULL = 0x10,
	ALG_ECC = 0x23,
	ALG_CFB = 0x43,
	ECC_P256 = 0x03,

	FIXED_TPM = 1 << 1,
	FIXED_PARENT = 1 << 4,
	SENSITIVE_FROM_TPM = 1 << 5,
	USER_WITH_AUTH = 1 << 6,
	NO_LOCKOUT = 1 << 10, /* noDA: there is no password to be guessed */
	RESTRICTED = 1 << 16,
	DECRYPTS = 1 << 17,

	SESSION_POLICY = 1,
	SESSION_TRIAL = 3,
	NONCE = 16,
};

/* What is put is small and of known size; only tpm_command_load() takes what others made. */
static void put(struct tpm_command *c, const void *bytes, size_t len)
{
	memcpy(c->bytes + c->len, bytes, len);
	c->len += len;
}

static void put16(struct tpm_command *c, uint32_t v)
{
	put(c, (uint8_t[]){ (uint8_t)(v >> 8), (uint8_t)v }, 2);
}

static void put32(struct tpm_command *c, uint32_t v)
{
	put16(c, v >> 16);
	put16(c, v);
}

/* Bytes with their number in front (TPM2B). */
static void put_sized(struct tpm_command *c, const void *bytes, size_t len)
{
	put16(c, (uint32_t)len);
	if (len)
		put(c, bytes, len);
}

static void begin(struct tpm_command *c, uint32_t tag, uint32_t code)
{
	c->len = 0;
	put16(c, tag);
	put32(c, 0); /* the length, by end() */
	put32(c, code);
}

static void end(struct tpm_command *c)
{
	size_t len = c->len;

	c->len = 2;
	put32(c, (uint32_t)len);
	c->len = len;
}

/* Who may: one session without nonce, attributes and HMAC. */
static void put_auth(struct tpm_command *c, uint32_t session)
{
	put32(c, 9);
	put32(c, session);
	put_sized(c, NULL, 0);
	put(c, (uint8_t[]){ 0 }, 1);
	put_sized(c, NULL, 0);
}

/* Neither data from outside nor registers that are noted with the creation. */
static void put_creation(struct tpm_command *c)
{
	put_sized(c, NULL, 0);
	put32(c, 0);
}

void tpm_command_primary(struct tpm_command *c)
{
	begin(c, ST_SESSIONS, CC_CREATE_PRIMARY);
	put32(c, RH_OWNER);
	put_auth(c, TPM_PASSWORD);
	put16(c, 4); /* sensitive: no password, no data */
	put_sized(c, NULL, 0);
	put_sized(c, NULL, 0);
	put16(c, 26); /* bytes of the template */
	put16(c, ALG_ECC);
	put16(c, ALG_SHA256);
	put32(c, FIXED_TPM | FIXED_PARENT | SENSITIVE_FROM_TPM | USER_WITH_AUTH | NO_LOCKOUT |
			 RESTRICTED | DECRYPTS);
	put_sized(c, NULL, 0); /* no policy */
	put16(c, ALG_AES);
	put16(c, 128);
	put16(c, ALG_CFB);
	put16(c, ALG_NULL); /* no scheme */
	put16(c, ECC_P256);
	put16(c, ALG_NULL); /* no derivation */
	put_sized(c, NULL, 0);
	put_sized(c, NULL, 0);
	put_creation(c);
	end(c);
}

void tpm_command_create(struct tpm_command *c, uint32_t parent, const uint8_t *policy,
			const uint8_t *secret, size_t len)
{
	uint32_t attributes = FIXED_TPM | FIXED_PARENT | NO_LOCKOUT;

	if (!policy)
		attributes |= USER_WITH_AUTH;
	begin(c, ST_SESSIONS, CC_CREATE);
	put32(c, parent);
	put_auth(c, TPM_PASSWORD);
	put16(c, (uint32_t)(4 + len)); /* sensitive: no password, the secret */
	put_sized(c, NULL, 0);
	put_sized(c, secret, len);
	put16(c, policy ? 14 + TPM_DIGEST : 14); /* bytes of the template */
	put16(c, ALG_KEYEDHASH);
	put16(c, ALG_SHA256);
	put32(c, attributes);
	put_sized(c, policy, policy ? TPM_DIGEST : 0);
	put16(c, ALG_NULL);
	put_sized(c, NULL, 0);
	put_creation(c);
	end(c);
}

bool tpm_command_load(struct tpm_command *c, uint32_t parent, const uint8_t *parts, size_t len)
{
	begin(c, ST_SESSIONS, CC_LOAD);
	put32(c, parent);
	put_auth(c, TPM_PASSWORD);
	if (len > TPM_COMMAND_MAX - c->len)
		return false;
	put(c, parts, len);
	end(c);
	return true;
}

void tpm_command_unseal(struct tpm_command *c, uint32_t object, uint32_t session)
{
	begin(c, ST_SESSIONS, CC_UNSEAL);
	put32(c, object);
	put_auth(c, session);
	end(c);
}

void tpm_command_session(struct tpm_command *c, bool trial)
{
	static const uint8_t nonce[NONCE]; /* nothing is proved by it: the session has no HMAC */

	begin(c, ST_NO_SESSIONS, CC_START_AUTH_SESSION);
	put32(c, RH_NULL); /* no salt */
	put32(c, RH_NULL); /* bound to nothing */
	put_sized(c, nonce, sizeof(nonce));
	put_sized(c, NULL, 0);
	put(c, (uint8_t[]){ trial ? SESSION_TRIAL : SESSION_POLICY }, 1);
	put16(c, ALG_NULL);
	put16(c, ALG_SHA256);
	end(c);
}

void tpm_command_policy_pcr7(struct tpm_command *c, uint32_t session)
{
	begin(c, ST_NO_SESSIONS, CC_POLICY_PCR);
	put32(c, session);
	put_sized(c, NULL, 0); /* what it is now */
	put32(c, 1);
	put16(c, ALG_SHA256);
	put(c, (uint8_t[]){ 3, 1 << 7, 0, 0 }, 4); /* of 24 registers the 8th */
	end(c);
}

void tpm_command_policy_digest(struct tpm_command *c, uint32_t session)
{
	begin(c, ST_NO_SESSIONS, CC_POLICY_GET_DIGEST);
	put32(c, session);
	end(c);
}
