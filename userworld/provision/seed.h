/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A seed, as clouds and hypervisors give it to a machine (NoCloud), as answers: the text of a
 * visoros-answers(5) file without the disk, which install_answers_parse_host() then checks. Pure.
 */
#ifndef VISOR_PROVISION_SEED_H
#define VISOR_PROVISION_SEED_H

#include <stdbool.h>
#include <stdio.h>

#include "yaml.h"

/* Its files; NULL: it has none. user_data that does not begin with "#cloud-config" is refused. */
struct seed {
	const char *meta_data, *user_data, *network_config;
};

/*
 * *answers is allocated. What the seed says and this host does not know is no error: unknown is an
 * array to which one text for each of it is appended.
 */
int seed_answers(const struct seed *s, char **answers, json_t *unknown, struct err *e);

/* The parts. They write lines "key = value" to out. */
struct seed_reader {
	FILE *out;
	json_t *unknown;
	unsigned int keys, bundles; /* numbered from 1 */
};

int seed_meta(struct seed_reader *r, const json_t *meta, const json_t *user, struct err *e);
int seed_user(struct seed_reader *r, const json_t *user, struct err *e);
int seed_network(struct seed_reader *r, const json_t *config, struct err *e);

/* A line, if value is a string; ERR_INVALID for line ends in it. */
int seed_line(struct seed_reader *r, const char *key, const json_t *value, struct err *e);

/* One line of a string, or of an array of strings with blanks between them. */
int seed_list_line(struct seed_reader *r, const char *key, const json_t *value, struct err *e);

/* Notes what of an object nobody reads. known ends with NULL; where is "user-data: ntp". */
void seed_unknown(struct seed_reader *r, const char *where, const json_t *object,
		  const char *const *known);

/* "true", "yes" or "on"? otherwise, if it is not there. */
bool seed_is_true(const json_t *value, bool otherwise);

#endif
