// SPDX-License-Identifier: Apache-2.0
/* Engines are deprecated in OpenSSL 3, but Debian 12 has no provider for PKCS#11 yet. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "key.h"

#include <errno.h>
#include <getopt.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "tardisk/trust/chain.h"

int key_arguments(const struct program *self, int argc, char **argv, struct key_options *o)
{
	static const struct option options[] = { { "key", required_argument, NULL, 'k' },
						 { "cert", required_argument, NULL, 'c' },
						 { "time", required_argument, NULL, 't' },
						 { "output", required_argument, NULL, 'o' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	int c;

	while ((c = getopt_long(argc, argv, "k:c:o:h", options, NULL)) != -1) {
		if (c == 'h')
			return program_help(self);
		if (c == '?')
			return program_usage(self, NULL);
		*(c == 'k'   ? &o->key
		  : c == 'c' ? &o->cert
		  : c == 't' ? &o->time
			     : &o->output) = optarg;
	}
	if (!o->key || !o->cert || argc - optind != 1)
		return program_usage(self, "a key, its certificate and one file are wanted");
	o->input = argv[optind];
	return -1;
}

static int load_pkcs11(const char *uri, EVP_PKEY **key, struct err *e)
{
	const char *pin = getenv("BUNDLE_PIN");
	ENGINE *engine;

	ENGINE_load_builtin_engines();
	engine = ENGINE_by_id("pkcs11");
	if (!engine || ENGINE_init(engine) != 1) {
		ENGINE_free(engine);
		return err_set(e, ERR_UNAVAILABLE,
			       "%.100s: no PKCS#11 engine (Debian: libengine-pkcs11-openssl): %s",
			       uri, cms_reason());
	}
	if (!pin || ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0) == 1)
		*key = ENGINE_load_private_key(engine, uri, NULL, NULL);
	if (!*key)
		err_set(e, ERR_NOT_FOUND, "%.200s: no such key, or a wrong PIN: %s", uri,
			cms_reason());
	/* The key keeps what it needs of the engine. */
	ENGINE_finish(engine);
	ENGINE_free(engine);
	return *key ? 0 : -1;
}

/* OpenSSL asks on the terminal if there is no callback, but only then. */
static int give_pin(char *buf, int size, int writing, void *context)
{
	const char *pin = context;
	size_t len = strlen(pin);

	(void)writing;
	if (len > (size_t)size)
		return -1;
	memcpy(buf, pin, len);
	return (int)len;
}

static int load_pem(const char *path, EVP_PKEY **key, struct err *e)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	char *pin = getenv("BUNDLE_PIN");

	if (!f)
		return err_sys(e, errno, "%s", path);
	*key = PEM_read_PrivateKey(f, NULL, pin ? give_pin : NULL, pin);
	return *key ? 0 : err_set(e, ERR_INVALID, "%.300s: no private key: %s", path, cms_reason());
}

static int load_certificates(struct key *k, const char *path, struct err *e)
{
	STACK_OF(X509) *list = NULL;
	int rc = chain_load_roots(&list, path, e);

	if (!rc && sk_X509_num(list) < 1)
		rc = err_set(e, ERR_NOT_FOUND, "%.300s: no certificate", path);
	if (!rc)
		k->certificate = sk_X509_shift(list);
	k->others = list;
	return rc;
}

static int set_time(struct key *k, const char *text, struct err *e)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	struct tm tm = { 0 };
	char *end = "";

	k->time = time(NULL);
	if (text) {
		const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);

		k->time = timegm(&tm);
		if (!rest || *rest)
			return err_set(e, ERR_USAGE, "%s: not of the form 2026-01-31T12:00:00Z",
				       text);
	} else if (epoch && *epoch) {
		k->time = (time_t)strtoll(epoch, &end, 10);
	}
	return *end ? err_set(e, ERR_USAGE, "SOURCE_DATE_EPOCH: %s: no number", epoch) : 0;
}

int key_load(struct key *k, const struct key_options *o, struct err *e)
{
	int rc;

	memset(k, 0, sizeof(*k));
	if (set_time(k, o->time, e) || load_certificates(k, o->cert, e) ||
	    chain_check_purpose(k->certificate, e))
		return -1;
	rc = !strncmp(o->key, "pkcs11:", 7) ? load_pkcs11(o->key, &k->private, e)
					    : load_pem(o->key, &k->private, e);
	if (rc)
		return -1;
	if (X509_check_private_key(k->certificate, k->private) == 1)
		return 0;
	ERR_clear_error();
	return err_set(e, ERR_INVALID, "%.200s: is not the key of the certificate in %.200s",
		       o->key, o->cert);
}

void key_free(struct key *k)
{
	EVP_PKEY_free(k->private);
	X509_free(k->certificate);
	sk_X509_pop_free(k->others, X509_free);
	memset(k, 0, sizeof(*k));
}
