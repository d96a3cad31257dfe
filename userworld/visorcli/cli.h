/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: a tree of namespaces with commands at its ends, in the
 * manner of esxcli. Each command is an entry of a table that says which
 * operation it runs, how options become parameters, and how the result is
 * shown. Everything but the transport is pure text in, text out.
 */
#ifndef VISORCLI_CLI_H
#define VISORCLI_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "err.h"
#include "userworld/core/core.h"

enum cli_option_kind {
	CLI_TEXT,
	CLI_NUMBER,
	CLI_KIBS,  /* a number of KiB that becomes bytes; -1 stays what it is */
	CLI_MIB,   /* the same of MiB */
	CLI_FLAG,  /* no argument: true */
	CLI_TRUTH, /* true or false */
};

struct cli_option {
	const char *name; /* "max-size"; NULL ends a list */
	char letter;
	const char *param; /* of the operation */
	enum cli_option_kind kind;
	bool required;
	const char *argument; /* in the help: "MIB" */
	const char *help;     /* NULL: what the operation says of its parameter */
};

enum cli_column_kind {
	CLI_STRING,
	CLI_INTEGER,
	CLI_BOOLEAN,
	CLI_KIB,     /* bytes, shown as "32768 KiB" */
	CLI_PERCENT, /* a number, shown as "97 %" */
	CLI_LIST,    /* strings, joined with ", " */
};

#define CLI_OPTIONAL 0x100 /* with a kind: left out if the result has no such key */

struct cli_column {
	const char *title; /* NULL ends a list */
	const char *key;   /* of the result */
	unsigned int kind; /* enum cli_column_kind, and CLI_OPTIONAL */
};

enum cli_style {
	CLI_SILENT, /* nothing to show */
	CLI_TABLE,  /* an array of objects */
	CLI_FIELDS, /* one object, a line per field */
	CLI_LINES,  /* an object with an array of strings "lines"; any other may be one, too */
};

struct cli_command {
	const char *words; /* "system visorfs ramdisk add"; NULL ends a group */
	const char *op;
	const struct cli_option *options;
	enum cli_style style;
	const struct cli_column *columns;
	const char *header; /* CLI_FIELDS: a line above; "{key}" stands for that field */
	/* Before the call: may change params. */
	int (*prepare)(json_t *params, struct err *e);
	/* After the call: may change the result (an object or each object of an array). */
	void (*shape)(json_t *row);
	const char *help;
};

/* Runs an operation somewhere: as core_call(). */
typedef int cli_transport(const char *op, json_t *params, json_t **result, struct err *e);

/* Another host: what the options before the first namespace say of it. NULL: not given. */
struct cli_remote {
	const char *server; /* HOST, HOST:PORT, [ADDRESS]:PORT */
	const char *username;
	const char *thumbprint;
	const char *password_file;
	const char *certificate, *key; /* files; both, instead of user and password */
};

struct cli {
	const char *name; /* the program was called by: visorcli, esxcli, localcli */
	cli_transport *call;
	cli_transport *local_call; /* --local: without hostd; NULL: this program cannot */
	/* Has remote_call() ask another host; NULL: this program cannot. */
	int (*connect)(const struct cli_remote *remote, struct err *e);
	cli_transport *remote_call;
	FILE *out;
	FILE *err;
};

/* Runs a whole command line (argv[0] is not looked at). Returns the exit code. */
int cli_main(const struct cli *cli, int argc, char **argv);

/* The table. */
const struct cli_command *cli_command_at(size_t i);

/* What a namespace is about, or "". */
const char *cli_namespace_help(const char *words);

/*
 * The command that the first words of argv name, with *used words; or NULL, and
 * *used words that begin a namespace.
 */
const struct cli_command *cli_find(int argc, char **argv, int *used);

/* Help of a command, or of the namespace of the first n words (0: the top). */
void cli_help_command(const struct cli *cli, const struct cli_command *command);
void cli_help_namespace(const struct cli *cli, int n, char **words);

/* The operation's parameter that an option is for; NULL for what visorcli itself wants to know. */
const struct core_param *cli_param(const struct cli_command *command, const struct cli_option *o);

/* Bytes for each one that a person gives; 1 for what is no size. */
long cli_unit(enum cli_option_kind kind);

/* May it be given several times, or as "a,b"? Its argument in the help ends with ",...". */
bool cli_is_list(const struct cli_option *o);

#define CLI_HELP_MAX 512

/* "Hard cap (required; 1 to 1048576)" */
void cli_option_help(const struct cli_command *command, const struct cli_option *o,
		     char out[static CLI_HELP_MAX]);

/*
 * Options of a command into parameters. 1 if help was asked for, 0, or -1 with
 * ERR_USAGE. argv[0] stands for the command. *params is a new reference.
 */
int cli_options(const struct cli_command *command, int argc, char **argv, json_t **params,
		struct err *e);

#endif
