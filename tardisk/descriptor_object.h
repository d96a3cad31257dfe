/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects within descriptor.json: elements of payloads and resources, and the
 * sbom. Errors name their field only; the caller puts the place before it.
 */
#ifndef TARDISK_DESCRIPTOR_OBJECT_H
#define TARDISK_DESCRIPTOR_OBJECT_H

#include <jansson.h>

#include "descriptor.h"

#define BUNDLE_DESCRIPTOR_FILE "descriptor.json"

/* An object with no other fields than the n known ones; those that begin with "x-" may be there. */
int object_check(const json_t *value, const char *const *known, size_t n, struct err *e);

/* The fields that begin with "x-": a new reference, or NULL if there are none. */
json_t *object_extra(const json_t *value);

/* A whole number of min to max. If it is missing: an error, or *out stays as it is. */
int object_number(const json_t *value, const char *field, bool required, uint64_t min, uint64_t max,
		  uint64_t *out, struct err *e);

/* A line of at most max bytes, allocated; "" if it is missing and need not be there. */
int object_line(const json_t *value, const char *field, bool required, size_t max, char **out,
		struct err *e);

/* A SHA-256 in hexadecimal. */
int object_digest(const json_t *value, const char *field, char out[static BUNDLE_DIGEST_LEN + 1],
		  struct err *e);

/* The elements of the arrays, and the sbom. What was parsed before an error stays to be freed. */
int bundle_payload_parse(const json_t *value, struct bundle_payload *payload, struct err *e);
int bundle_contract_parse(const json_t *value, struct bundle_contract *contract, struct err *e);
int bundle_sbom_parse(const json_t *value, struct bundle_sbom *sbom, struct err *e);
int bundle_hooks_parse(const json_t *value, struct bundle_hooks *hooks, struct err *e);
int bundle_boot_parse(const json_t *value, struct bundle_boot *boot, struct err *e);

/* As JSON, a new reference; NULL for lack of memory. */
json_t *bundle_payload_json(const struct bundle_payload *payload);
json_t *bundle_contract_json(const struct bundle_contract *contract);
json_t *bundle_sbom_json(const struct bundle_sbom *sbom);
json_t *bundle_hooks_json(const struct bundle_hooks *hooks);
json_t *bundle_boot_json(const struct bundle_boot *boot);

/* Neither hook is there? */
bool bundle_hooks_are_empty(const struct bundle_hooks *hooks);

void bundle_sbom_free(struct bundle_sbom *sbom);
void bundle_hooks_free(struct bundle_hooks *hooks);
void bundle_boot_free(struct bundle_boot *boot);

/* Does an image have only what one may have, and nothing else any of it? */
int bundle_boot_check(const struct bundle_descriptor *d, struct err *e);

#endif
