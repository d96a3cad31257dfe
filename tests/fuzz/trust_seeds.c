// SPDX-License-Identifier: Apache-2.0
/*
 * Makes the seeds of trust_fuzz and the roots that it trusts: authorities of a day,
 * whose keys nobody keeps. Both belong together: "make trust-seeds" makes both anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/trust_seeds.h"
#include "tests/unit/pki.h"
#include "tests/unit/unit.h"

#define T1990 ((time_t)631152000)
#define T2026 ((time_t)1767225600)
#define T2046 ((time_t)2398377600)
#define FOLDER "tests/fuzz/corpus/trust/"

static struct pki root, certified, revoker, middle, acme, shop, old, lister;

static void make_keys(void)
{
	root = pki_make("Partner root", NULL, PKI_ROOT, T1990, T2046);
	certified = pki_make("Certified root", NULL, PKI_ROOT, T1990, T2046);
	revoker = pki_make("Revocation root", NULL, PKI_ROOT, T1990, T2046);
	middle = pki_make("Partner issuer", &root, PKI_AUTHORITY, T1990, T2046);
	acme = pki_make(SEEDS_SIGNER, &middle, PKI_CODE, T1990, T2046);
	shop = pki_make("Shop", &root, PKI_SERVER, T1990, T2046);
	old = pki_make("Old", &certified, PKI_CODE, T1990, T1990 + 1);
	lister = pki_make("Lister", &revoker, PKI_CODE, T1990, T2046);
}

static void write_roots(void)
{
	const struct pki *list[] = { &root };

	pki_write(SEEDS_ROOTS "/partner.pem", list, 1);
	list[0] = &certified;
	pki_write(SEEDS_ROOTS "/certified.pem", list, 1);
	list[0] = &revoker;
	pki_write(SEEDS_ROOTS "/revocation.pem", list, 1);
}

static void put(const char *name, enum seeds_kind kind, const void *bytes, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), FOLDER "%s", name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputc(kind, f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void put_signature(const char *name, const struct pki *by, const struct pki *also,
			  int attached)
{
	size_t len;
	unsigned char *der = pki_sign(by, &also, also ? 1 : 0, SEEDS_TEXT, T2026, attached, &len);

	put(name, SEEDS_SIGNATURE, der, len);
	free(der);
}

static void put_list(const char *name, const struct pki *by, const char *text)
{
	char signed_name[64];
	unsigned char *der;
	size_t len;

	put(name, SEEDS_TEXT_LIST, text, strlen(text));
	der = pki_sign(by, NULL, 0, text, T2026, 1, &len);
	snprintf(signed_name, sizeof(signed_name), "signed_%s", name);
	put(signed_name, SEEDS_SIGNED_LIST, der, len);
	free(der);
}

#define HEX16 "0123456789abcdef"
#define HEX HEX16 HEX16 HEX16 HEX16

int main(void)
{
	make_keys();
	write_roots();
	put_signature("chain", &acme, &middle, 0);
	put_signature("chain_cut", &acme, NULL, 0);
	put_signature("attached", &acme, &middle, 1);
	put_signature("wrong_purpose", &shop, NULL, 0);
	put_signature("expired", &old, NULL, 0);
	put_list("list_empty", &lister,
		 "{\"format\": 1, \"number\": 1, \"issued\": \"2026-01-01T00:00:00Z\"}");
	put_list("list", &lister,
		 "{\"format\": 1, \"number\": 5, \"issued\": \"2026-01-01T00:00:00Z\", "
		 "\"keys\": [{\"sha256\": \"" HEX "\", \"from\": \"2026-01-02T00:00:00Z\"}], "
		 "\"descriptors\": [{\"sha256\": \"" HEX "\", \"reason\": \"lost\"}]}");
	put_list("list_of_other", &acme,
		 "{\"format\": 1, \"number\": 2, \"issued\": \"2026-01-01T00:00:00Z\"}");
	return 0;
}
