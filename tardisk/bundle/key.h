/* SPDX-License-Identifier: Apache-2.0 */
/* The key and the certificates that a maker signs with, and when. */
#ifndef TARDISK_BUNDLE_KEY_H
#define TARDISK_BUNDLE_KEY_H

#include <openssl/x509.h>
#include <time.h>

#include "program.h"

struct key {
	EVP_PKEY *private;
	X509 *certificate;
	STACK_OF(X509) * others; /* those between it and the root */
	time_t time;		 /* of signing */
};

/* The options that "sign" and "revoke" share. */
struct key_options {
	const char *key;  /* PEM file, or a URI "pkcs11:..." */
	const char *cert; /* PEM file: the signer's certificate, then the others */
	const char *time; /* RFC 3339 in UTC, or NULL: SOURCE_DATE_EPOCH or now */
	const char *output;
	const char *input; /* the one argument that is no option */
};

#define KEY_HELP                                                                  \
	"  -k, --key KEY    PEM file, or URI pkcs11:...\n"                        \
	"  -c, --cert FILE  PEM: the signer's certificate, then those above it\n" \
	"      --time TIME  of signing, 2026-01-31T12:00:00Z (now)\n"             \
	"  -o, --output FILE\n"

/* Reads the command line of a verb that signs: -1 to go on, else the exit code. */
int key_arguments(const struct program *self, int argc, char **argv, struct key_options *o);

/*
 * Loads them. The certificate must be for signing code and of that key. A
 * passphrase or PIN is taken from the environment's BUNDLE_PIN, else asked for
 * on the terminal. key_free() after either result.
 */
int key_load(struct key *k, const struct key_options *o, struct err *e);
void key_free(struct key *k);

#endif
