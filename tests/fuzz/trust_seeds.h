/* SPDX-License-Identifier: Apache-2.0 */
/* What the seeds of trust_fuzz are, for who makes them and who reads them. */
#ifndef TESTS_FUZZ_TRUST_SEEDS_H
#define TESTS_FUZZ_TRUST_SEEDS_H

#define SEEDS_ROOTS "tests/fuzz/roots" /* what trust_load() reads; from the tree's top */
#define SEEDS_TEXT "{\"name\": \"sample\"}"
#define SEEDS_SIGNER "Acme" /* the one whose signature is good, at SEEDS_TIME */
#define SEEDS_TIME "2026-01-01T00:00:00Z"

/* The first byte of an input. */
enum seeds_kind {
	SEEDS_SIGNATURE,   /* over SEEDS_TEXT, in DER */
	SEEDS_TEXT_LIST,   /* a revocation list */
	SEEDS_SIGNED_LIST, /* the same with its signature around it */
	SEEDS_KINDS,
};

#endif
