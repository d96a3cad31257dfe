// SPDX-License-Identifier: Apache-2.0
/* The text of a descriptor, and the end of its life. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "descriptor_payload.h"

const char *bundle_type_name(enum bundle_type type)
{
	return type == BUNDLE_META ? "meta" : "bootbank";
}

const char *bundle_acceptance_name(enum bundle_acceptance level)
{
	static const char *const names[] = { "community", "partner", "accepted", "certified" };

	return names[level];
}

static json_t *relations_json(const struct bundle_relations *r)
{
	json_t *array = json_array();
	char text[BUNDLE_RELATION_TEXT];

	for (size_t i = 0; i < r->n; i++)
		json_array_append_new(array,
				      json_string(bundle_relation_format(&r->items[i], text)));
	return array;
}

static json_t *strings_json(const struct bundle_strings *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(array, json_string(s->items[i]));
	return array;
}

static json_t *payloads_json(const struct bundle_descriptor *d)
{
	json_t *array = json_array();

	for (size_t i = 0; i < d->n_payloads; i++) {
		const struct bundle_payload *p = &d->payloads[i];

		json_array_append_new(array, json_pack("{s:s, s:s, s:I, s:s, s:I, s:s}", "name",
						       p->name, "type", "tardisk", "size",
						       (json_int_t)p->size, "sha256", p->sha256,
						       "content_size", (json_int_t)p->content_size,
						       "content_sha256", p->content_sha256));
	}
	return array;
}

static json_t *descriptor_json(const struct bundle_descriptor *d)
{
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b,"
			 " s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "format", BUNDLE_FORMAT, "name", d->name, "version", d->version, "vendor",
			 d->vendor, "type", bundle_type_name(d->type), "summary", d->summary,
			 "description", d->description, "created", d->created, "acceptance_level",
			 bundle_acceptance_name(d->acceptance_level), "live_install_allowed",
			 d->live_install_allowed, "live_remove_allowed", d->live_remove_allowed,
			 "maintenance_mode", d->maintenance_mode, "overlay", d->overlay, "depends",
			 relations_json(&d->depends), "conflicts", relations_json(&d->conflicts),
			 "replaces", relations_json(&d->replaces), "provides",
			 relations_json(&d->provides), "files", strings_json(&d->files), "shared",
			 strings_json(&d->shared), "services", strings_json(&d->services),
			 "payloads", payloads_json(d));
}

int bundle_descriptor_format(const struct bundle_descriptor *d, char **text, size_t *len,
			     struct err *e)
{
	json_t *root = descriptor_json(d);
	_cleanup_free_ char *body = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
	char *whole;
	size_t n;

	json_decref(root);
	if (!body)
		return err_sys(e, ENOMEM, BUNDLE_DESCRIPTOR_FILE);
	n = strlen(body);
	whole = realloc(body, n + 2);
	if (!whole)
		return err_sys(e, ENOMEM, BUNDLE_DESCRIPTOR_FILE);
	body = NULL;
	memcpy(whole + n, "\n", 2);
	*text = whole;
	*len = n + 1;
	return 0;
}

static void free_strings(struct bundle_strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->items[i]);
	free(s->items);
}

void bundle_descriptor_free(struct bundle_descriptor *d)
{
	if (!d)
		return;
	free(d->name);
	free(d->version);
	free(d->vendor);
	free(d->summary);
	free(d->description);
	free(d->created);
	free(d->depends.items);
	free(d->conflicts.items);
	free(d->replaces.items);
	free(d->provides.items);
	free_strings(&d->files);
	free_strings(&d->shared);
	free_strings(&d->services);
	free(d->payloads);
	free(d);
}
