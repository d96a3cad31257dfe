// SPDX-License-Identifier: Apache-2.0
/* The text of a descriptor, and the end of its life. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "descriptor_object.h"

const char *bundle_type_name(enum bundle_type type)
{
	static const char *const names[] = { "bootbank", "meta", "image" };

	return names[type];
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

	for (size_t i = 0; i < d->n_payloads; i++)
		json_array_append_new(array, bundle_payload_json(&d->payloads[i]));
	return array;
}

static json_t *contracts_json(const struct bundle_descriptor *d)
{
	json_t *array = json_array();

	for (size_t i = 0; i < d->n_contracts; i++)
		json_array_append_new(array, bundle_contract_json(&d->contracts[i]));
	return array;
}

int bundle_descriptor_needs_format(const struct bundle_descriptor *d)
{
	if (d->type == BUNDLE_IMAGE)
		return 3;
	return (d->architecture && strcmp(d->architecture, "all") != 0) || d->setuid.n ||
			       d->services_stop.n || d->services_restart.n || d->n_contracts ||
			       d->health_window || !bundle_hooks_are_empty(&d->hooks) ||
			       !bundle_sbom_is_empty(&d->sbom)
		       ? 2
		       : 1;
}

static json_t *descriptor_json(const struct bundle_descriptor *d)
{
	return json_pack(
		"{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b,"
		" s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"format", bundle_descriptor_needs_format(d), "name", d->name, "version", d->version,
		"vendor", d->vendor, "type", bundle_type_name(d->type), "summary", d->summary,
		"description", d->description, "created", d->created, "acceptance_level",
		bundle_acceptance_name(d->acceptance_level), "live_install_allowed",
		d->live_install_allowed, "live_remove_allowed", d->live_remove_allowed,
		"maintenance_mode", d->maintenance_mode, "overlay", d->overlay, "depends",
		relations_json(&d->depends), "conflicts", relations_json(&d->conflicts), "replaces",
		relations_json(&d->replaces), "provides", relations_json(&d->provides), "files",
		strings_json(&d->files), "shared", strings_json(&d->shared), "services",
		strings_json(&d->services), "payloads", payloads_json(d));
}

static int add_strings(json_t *root, const char *name, const struct bundle_strings *list)
{
	return list->n ? json_object_set_new(root, name, strings_json(list)) : 0;
}

/* What a reader of format 1 does not know is there only if it is used. */
static int add_newer(json_t *root, const struct bundle_descriptor *d)
{
	if (d->architecture && strcmp(d->architecture, "all") != 0 &&
	    json_object_set_new(root, "architecture", json_string(d->architecture)))
		return -1;
	if (d->n_contracts && json_object_set_new(root, "resources", contracts_json(d)))
		return -1;
	if (!bundle_sbom_is_empty(&d->sbom) &&
	    json_object_set_new(root, "sbom", bundle_sbom_json(&d->sbom)))
		return -1;
	if (!bundle_hooks_are_empty(&d->hooks) &&
	    json_object_set_new(root, "hooks", bundle_hooks_json(&d->hooks)))
		return -1;
	if (d->boot.build && json_object_set_new(root, "boot", bundle_boot_json(&d->boot)))
		return -1;
	if (d->health_window &&
	    json_object_set_new(root, "health_window", json_integer((json_int_t)d->health_window)))
		return -1;
	return add_strings(root, "setuid", &d->setuid) ||
	       add_strings(root, "services_stop", &d->services_stop) ||
	       add_strings(root, "services_restart", &d->services_restart);
}

static char *descriptor_text(const struct bundle_descriptor *d)
{
	json_t *root = descriptor_json(d);
	char *text = NULL;

	if (root && !add_newer(root, d) && (!d->extra || !json_object_update(root, d->extra)))
		text = json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	return text;
}

int bundle_descriptor_format(const struct bundle_descriptor *d, char **text, size_t *len,
			     struct err *e)
{
	_cleanup_free_ char *body = descriptor_text(d);
	char *whole;
	size_t n;

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
	free(d->architecture);
	free(d->depends.items);
	free(d->conflicts.items);
	free(d->replaces.items);
	free(d->provides.items);
	free_strings(&d->files);
	free_strings(&d->shared);
	free_strings(&d->setuid);
	free_strings(&d->services);
	free_strings(&d->services_stop);
	free_strings(&d->services_restart);
	free(d->contracts);
	bundle_sbom_free(&d->sbom);
	bundle_hooks_free(&d->hooks);
	bundle_boot_free(&d->boot);
	for (size_t i = 0; i < d->n_payloads; i++)
		json_decref(d->payloads[i].extra);
	free(d->payloads);
	json_decref(d->extra);
	free(d);
}
