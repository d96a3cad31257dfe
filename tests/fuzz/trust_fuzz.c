// SPDX-License-Identifier: Apache-2.0
/*
 * Signatures and revocation lists from anywhere. The first byte chooses. There
 * are roots, and seeds that lead to them; nobody has the keys. So what is found good
 * must be what a seed says, whatever was changed around it.
 */
#include "tests/fuzz/trust_seeds.h"

#include <openssl/err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tardisk/trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct trust *trust;

static void load(void)
{
	struct err e = ERR_INIT;

	trust_free(trust);
	if (trust_load(&trust, SEEDS_ROOTS, &e)) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* A folder without roots is one that trusts nobody. */
	if (access(SEEDS_ROOTS "/partner.pem", R_OK)) {
		perror(SEEDS_ROOTS "/partner.pem");
		exit(1);
	}
	load();
	return 0;
}

static void check_error(const struct err *e)
{
	if (e->kind == ERR_NONE || !e->text[0] || strchr(e->text, '\n'))
		abort();
}

static void read_signature(const uint8_t *data, size_t size)
{
	struct trust_signature s;
	struct err e = ERR_INIT;

	if (trust_verify(trust, SEEDS_TEXT, strlen(SEEDS_TEXT), data, size, &s, &e)) {
		check_error(&e);
		return;
	}
	if (s.level != TRUST_PARTNER || strcmp(s.signer, "CN = " SEEDS_SIGNER) ||
	    strcmp(s.time, SEEDS_TIME) || s.n_keys != 3)
		abort();
	if (!trust_verify(trust, "", 0, data, size, &s, &e))
		abort();
}

static void read_list(const char *text, size_t len)
{
	struct revocation list;
	struct err e = ERR_INIT;

	if (revocation_parse(text, len, &list, &e)) {
		check_error(&e);
		return;
	}
	if (!list.number)
		abort();
	for (size_t i = 0; i < list.n_keys; i++)
		if (!revocation_key(&list, list.keys[i].sha256, "9999-12-31T23:59:59Z"))
			abort();
	for (size_t i = 0; i < list.n_descriptors; i++)
		if (!revocation_descriptor(&list, list.descriptors[i].sha256))
			abort();
	revocation_free(&list);
}

static void read_signed_list(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	int rc = trust_revoke(trust, data, size, &e);

	if (rc < 0) {
		check_error(&e);
		return;
	}
	/* The numbers of the two that the right one signed; one comes after none. */
	if (rc != 1 ||
	    (trust_revocation(trust)->number != 1 && trust_revocation(trust)->number != 5))
		abort();
	load();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	switch (data[0] % SEEDS_KINDS) {
	case SEEDS_SIGNATURE:
		read_signature(data + 1, size - 1);
		break;
	case SEEDS_TEXT_LIST:
		read_list((const char *)data + 1, size - 1);
		break;
	default:
		read_signed_list(data + 1, size - 1);
	}
	ERR_clear_error();
	return 0;
}
