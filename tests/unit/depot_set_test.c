// SPDX-License-Identifier: Apache-2.0
/* Which indexes a host takes: by their signature and its level of acceptance. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/pki.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/depot/set.h"
#include "userworld/core/trust/host_trust.h"

#define NOW 1700000000
#define DAY 86400
#define INDEX "{\"format\": 1, \"bundles\": []}\n"

static struct pki root, signer;

static void gate(const char *level)
{
	char text[100];

	snprintf(text, sizeof(text), "level = %s\nlowest = unsigned\n", level);
	tree_write(TRUST_IMAGE_POLICY, text, 0644);
}

static void sign(const char *text)
{
	size_t len;
	unsigned char *der = pki_sign(&signer, NULL, 0, text, NOW, 0, &len);
	FILE *file;

	tree_write("/depot/index.p7s", "", 0644);
	file = fopen(tree_path("/depot/index.p7s"), "w");
	assert_int_equal(fwrite(der, 1, len, file), len);
	fclose(file);
	OPENSSL_free(der);
}

/* The signer ("-" if there is none), or the reason. */
static const char *load(const char *addresses)
{
	static char text[600];
	struct depot_set set;
	struct err e = ERR_INIT;

	if (depot_set_load(&set, addresses, &e) < 0)
		snprintf(text, sizeof(text), "%s", e.text);
	else
		snprintf(text, sizeof(text), "%s",
			 set.items[0].signer[0] ? set.items[0].signer : "-");
	depot_set_free(&set);
	return text;
}

static void expect(const char *words)
{
	if (!strstr(load("/depot"), words))
		fail_msg("'%s' instead of '%s'", load("/depot"), words);
}

static void signatures(void **state)
{
	(void)state;
	tree_write("/depot/index.json", INDEX, 0644);
	gate("unsigned");
	expect("-");
	gate("community");
	expect("/depot/index.json: is not signed; acceptance level community or higher is wanted");
	sign(INDEX);
	gate("community");
	expect("CN = signer");
	gate("partner");
	expect("CN = signer");
	gate("accepted");
	expect("is signed at acceptance level partner; accepted or higher is wanted");
	/* A bad one is worse than none, whatever the level. */
	gate("unsigned");
	sign("{}");
	expect("signature: does not fit");
	tree_write("/depot/index.p7s", "garbage", 0644);
	expect("signature: ");
	unlink(tree_path("/depot/index.p7s"));
	expect("-");
}

static void places(void **state)
{
	(void)state;
	gate("unsigned");
	tree_write("/depot/index.json", INDEX, 0644);
	assert_non_null(strstr(load(NULL), "this host has no sources"));
	tree_write(DEPOT_SOURCES, "/depot\n", 0644);
	assert_string_equal(load(NULL), "-");
	assert_string_equal(load("/depot/,/depot/index.json"), "-");
	assert_non_null(strstr(load("/missing"), "/missing: No such file"));
	assert_non_null(strstr(load("/depot,odd"), "odd: not the address of a depot"));
	tree_write("/depot/index.json", "{\"format\": 9}", 0644);
	assert_string_equal(load("/depot"),
			    "/depot: index.json: has format 9, the newest known here is 1");
	tree_write("/depot/index.json", "", 0644);
	assert_non_null(strstr(load("/depot"), "index.json: line 1"));
}

static int setup(void **state)
{
	const struct pki *list[] = { &root };

	if (tree_setup(state))
		return -1;
	root = pki_make("root", NULL, PKI_ROOT, NOW - DAY, NOW + DAY);
	signer = pki_make("signer", &root, PKI_CODE, NOW - DAY, NOW + DAY);
	tree_write(TRUST_IMAGE "/partner.pem", "", 0644);
	pki_write(tree_path(TRUST_IMAGE "/partner.pem"), list, 1);
	return 0;
}

static int teardown(void **state)
{
	pki_free(&root);
	pki_free(&signer);
	return tree_teardown(state);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
