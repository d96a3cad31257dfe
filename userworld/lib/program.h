/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every main() of VisorOS does the same way: --help to stdout and exit 0,
 * a usage error to stderr and exit 2, --version, an error mapped to its exit
 * code. A program states itself once:
 *
 *	static const struct program self = {
 *		.name = "vdf", .usage = "[-h]", .help = "  -h  sizes in units\n",
 *	};
 *
 * PROGRAM_VERSION needs the generated "version.h"; only main files include it,
 * so that a new commit does not rebuild the libraries.
 */
#ifndef VISOR_PROGRAM_H
#define VISOR_PROGRAM_H

#include <stdbool.h>

#include "err.h"

struct program {
	const char *name;
	const char *usage; /* arguments, after the name */
	const char *help;  /* one line per option, each ends with a newline */
};

#define EXIT_USAGE 2

#define PROGRAM_VERSION VISOROS_VERSION " (" VISOROS_BUILD ")"

/* Prints and returns 0, so that main() can end in "return program_help(&self)". */
int program_help(const struct program *p);
int program_version(const struct program *p, const char *version);

/* Complains and points to --help; returns EXIT_USAGE. fmt may be NULL when getopt has spoken. */
int program_usage(const struct program *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints "NAME: text" to stderr and returns the exit code of the error's kind. */
int program_fail(const struct program *p, const struct err *e);

/* An option that is a flag, or has a word behind it. */
struct program_option {
	const char *name;  /* of the long form; NULL ends a list, of 32 at most */
	char letter;	   /* of the short form */
	const char **word; /* where its argument goes; NULL: it has none */
	bool *flag;	   /* then this becomes true */
};

/*
 * Takes the options of a program that has no other arguments; --help and
 * --version are known. -1 to go on, else the exit code. version: PROGRAM_VERSION.
 */
int program_options(const struct program *p, const char *version,
		    const struct program_option *options, int argc, char **argv);

/* Flushes stdout: 0, or 1 with a complaint if it could not be written. */
int program_end(const struct program *p);

#endif
