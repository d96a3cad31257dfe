/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a bundle says about itself: the fields of descriptor.json (bundle(5)),
 * read and written by pure functions. A descriptor that was parsed obeys every
 * rule of bundle(5); nobody needs to check its fields again.
 */
#ifndef TARDISK_DESCRIPTOR_H
#define TARDISK_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "relation.h"

#define BUNDLE_FORMAT 3			  /* the newest that is understood; all before it are too */
#define BUNDLE_DESCRIPTOR_MAX (16u << 20) /* bytes of descriptor.json */
#define BUNDLE_NAME_MAX 63
#define BUNDLE_PAYLOADS_MAX 100
#define BUNDLE_PAYLOAD_NAME_MAX 15 /* what ar stores plainly */
#define BUNDLE_DIGEST_LEN 64	   /* hexadecimal digits of a SHA-256 */
#define BUNDLE_COMPONENTS_MAX 4096
#define BUNDLE_HOOK_TIMEOUT 30			    /* seconds, of a hook that states none */
#define BUNDLE_HEALTH_MAX 3600			    /* seconds */
#define BUNDLE_WORLD_CONF "etc/userworld.d/%s.conf" /* where a userworld is described */

struct json_t;

enum bundle_type {
	BUNDLE_BOOTBANK, /* has payloads */
	BUNDLE_META,	 /* has none, only relations */
	BUNDLE_IMAGE,	 /* an image of the whole host: its payloads are the files of a bank */
};

/* In rising order of trust. */
enum bundle_acceptance {
	BUNDLE_COMMUNITY,
	BUNDLE_PARTNER,
	BUNDLE_ACCEPTED,
	BUNDLE_CERTIFIED,
};

struct bundle_payload {
	char name[BUNDLE_PAYLOAD_NAME_MAX + 1];	    /* member of the archive: "strace.v00" */
	bool boot;				    /* a file of a bank: no content fields */
	uint64_t size;				    /* bytes of the tardisk file */
	char sha256[BUNDLE_DIGEST_LEN + 1];	    /* of the tardisk file, lower case */
	uint64_t content_size;			    /* bytes of both its areas, unpacked */
	char content_sha256[BUNDLE_DIGEST_LEN + 1]; /* of these */
	char root_hash[BUNDLE_DIGEST_LEN + 1];	    /* of its digest list */
	struct json_t *extra;			    /* its fields "x-...", NULL if there are none */
};

/*
 * The most that a userworld of the bundle may take and the least that it is
 * given: the limits of its userworld.conf(5). 0 is a limit that is not set.
 */
struct bundle_contract {
	char world[64];
	uint64_t memory_min; /* bytes reserved */
	uint64_t memory_max; /* bytes */
	uint64_t cpu_weight; /* 1 to 10000 */
	uint64_t cpu_max;    /* percent of one CPU */
	uint64_t pids_max;
};

/* What a bundle was made of. */
struct bundle_component {
	char *name;
	char *version;
	char *license; /* SPDX expression, "" if it is not known */
	char *purl;    /* package URL, "" if there is none */
};

struct bundle_sbom {
	char *path;			    /* document among the files, "" if there is none */
	char sha256[BUNDLE_DIGEST_LEN + 1]; /* of it */
	struct bundle_component *components;
	size_t n_components;
};

/* Programs of the bundle that run when it came, and before it goes. */
struct bundle_hooks {
	char *post_install; /* path among files, "" if there is none */
	char *pre_remove;   /* likewise */
	uint64_t timeout;   /* seconds for each; 0: BUNDLE_HOOK_TIMEOUT */
};

/* Of an image: what boot.cfg(5) has beside its files. */
struct bundle_boot {
	char *build;   /* "0.1.0-1-gabcdef"; NULL: no image */
	char *options; /* the kernel's command line, may be "" */
};

/* An array of n strings, each allocated. */
struct bundle_strings {
	char **items;
	size_t n;
};

struct bundle_descriptor {
	char *name;
	char *version;
	char *vendor;
	char *summary;
	char *description;  /* "" if there is none */
	char *created;	    /* RFC 3339 in UTC, "2026-01-31T12:00:00Z" */
	char *architecture; /* of its programs: "x86_64"; "all" if there are none */
	enum bundle_type type;
	enum bundle_acceptance acceptance_level;
	bool live_install_allowed;
	bool live_remove_allowed;
	bool maintenance_mode; /* the host must be in maintenance mode for install and remove */
	bool overlay;	       /* may replace files of other bundles */
	struct bundle_relations depends;
	struct bundle_relations conflicts;
	struct bundle_relations replaces;
	struct bundle_relations provides;
	struct bundle_strings files;  /* without leading '/', in byte order; no directories */
	struct bundle_strings shared; /* those of files that other bundles may have as well */
	struct bundle_strings
		setuid; /* those of files that run with their owner's or group's rights */
	struct bundle_strings services; /* names of userworlds: start after install in this order */
	struct bundle_strings services_stop; /* the host's: down while the bundle comes or goes */
	struct bundle_strings services_restart; /* the host's: restarted once it came or went */
	struct bundle_hooks hooks;
	uint64_t health_window;		   /* seconds in which its userworlds must stay well */
	struct bundle_contract *contracts; /* field "resources" */
	size_t n_contracts;
	struct bundle_sbom sbom;
	struct bundle_boot boot;
	struct bundle_payload *payloads;
	size_t n_payloads;    /* attach in this order: later ones shadow earlier ones */
	struct json_t *extra; /* fields "x-...", NULL if there are none */
};

/*
 * Parses the text of a descriptor. ERR_INVALID names the field at fault, or
 * the line for what is not JSON. On success *out belongs to the caller, who
 * frees it with bundle_descriptor_free().
 */
int bundle_descriptor_parse(const char *text, size_t len, struct bundle_descriptor **out,
			    struct err *e);

/*
 * The lowest format that has all the fields the descriptor uses, so that hosts
 * that know no newer one can take the bundle.
 */
int bundle_descriptor_needs_format(const struct bundle_descriptor *d);

/*
 * The text of a descriptor: all fields of format 1 and what it uses of later
 * ones, always in the same order, final newline. Parsing it gives the same descriptor. *text is
 * allocated, NUL after the last byte. Fails only for lack of memory.
 */
int bundle_descriptor_format(const struct bundle_descriptor *d, char **text, size_t *len,
			     struct err *e);

/* NULL is allowed. */
void bundle_descriptor_free(struct bundle_descriptor *d);

/* The time that a hook may take, in seconds. */
uint64_t bundle_hook_timeout(const struct bundle_descriptor *d);

bool bundle_sbom_is_empty(const struct bundle_sbom *sbom);

const char *bundle_type_name(enum bundle_type type);		  /* "bootbank" */
const char *bundle_acceptance_name(enum bundle_acceptance level); /* "partner" */

#endif
