// SPDX-License-Identifier: Apache-2.0
/*
 * Parses descriptor.json. Each field is a line of a table: its name, the format
 * that brought it, whether it must be there, what parses it, and where it goes.
 */
#include "descriptor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "descriptor_field.h"
#include "tar.h"

static int parse_format(void *to, json_t *value, const struct field *f, struct err *e)
{
	(void)to;
	if (!json_is_integer(value) || json_integer_value(value) < 1)
		return field_refuse(f, "must be a number from 1 on", e);
	if (json_integer_value(value) > BUNDLE_FORMAT)
		return field_refuse(f, "is newer than 3, which is what this host understands", e);
	return 0;
}

static int parse_type(void *to, json_t *value, const struct field *f, struct err *e)
{
	for (int i = BUNDLE_BOOTBANK; i <= BUNDLE_IMAGE; i++) {
		if (!json_is_string(value) ||
		    strcmp(json_string_value(value), bundle_type_name((enum bundle_type)i)))
			continue;
		*(enum bundle_type *)to = (enum bundle_type)i;
		return 0;
	}
	return field_refuse(f, "must be \"bootbank\", \"meta\" or \"image\"", e);
}

static int parse_acceptance(void *to, json_t *value, const struct field *f, struct err *e)
{
	for (int i = BUNDLE_COMMUNITY; i <= BUNDLE_CERTIFIED; i++) {
		if (!json_is_string(value) ||
		    strcmp(json_string_value(value),
			   bundle_acceptance_name((enum bundle_acceptance)i)))
			continue;
		*(enum bundle_acceptance *)to = (enum bundle_acceptance)i;
		return 0;
	}
	return field_refuse(f, "must be certified, accepted, partner or community", e);
}

static int parse_payloads(void *to, json_t *value, const struct field *f, struct err *e)
{
	struct bundle_descriptor *d = to;
	json_t *item;
	size_t i;

	if (field_check_array(value, f, e))
		return -1;
	d->payloads = calloc(json_array_size(value) + 1, sizeof(*d->payloads));
	if (!d->payloads)
		return err_sys(e, ENOMEM, "%s", f->name);
	json_array_foreach (value, i, item) {
		if (bundle_payload_parse(item, &d->payloads[i], e))
			return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s[%zu]", f->name, i);
		d->n_payloads++;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(d->payloads[j].name, d->payloads[i].name))
				return field_refuse_item(f, i, "has a name that comes twice", e);
	}
	return 0;
}

static int parse_resources(void *to, json_t *value, const struct field *f, struct err *e)
{
	struct bundle_descriptor *d = to;
	json_t *item;
	size_t i;

	if (field_check_array(value, f, e))
		return -1;
	d->contracts = calloc(json_array_size(value) + 1, sizeof(*d->contracts));
	if (!d->contracts)
		return err_sys(e, ENOMEM, "%s", f->name);
	json_array_foreach (value, i, item) {
		if (bundle_contract_parse(item, &d->contracts[i], e))
			return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s[%zu]", f->name, i);
		d->n_contracts++;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(d->contracts[j].world, d->contracts[i].world))
				return field_refuse_item(f, i, "has a world that comes twice", e);
	}
	return 0;
}

static int parse_sbom(void *to, json_t *value, const struct field *f, struct err *e)
{
	if (bundle_sbom_parse(value, to, e))
		return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s", f->name);
	return 0;
}

static int parse_hooks(void *to, json_t *value, const struct field *f, struct err *e)
{
	if (bundle_hooks_parse(value, to, e))
		return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s", f->name);
	return 0;
}

static int parse_boot(void *to, json_t *value, const struct field *f, struct err *e)
{
	if (bundle_boot_parse(value, to, e))
		return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s", f->name);
	return 0;
}

static int parse_window(void *to, json_t *value, const struct field *f, struct err *e)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (size_t)json_integer_value(value) > f->max)
		return field_refuse(f, "must be a number of seconds from 0 to 3600", e);
	*(uint64_t *)to = (uint64_t)json_integer_value(value);
	return 0;
}

#define AT(member) offsetof(struct bundle_descriptor, member)

/* clang-format off */
static const struct field fields[] = {
	{ "format", 1, true, parse_format, 0, 0, NULL },
	{ "name", 1, true, field_string, AT(name), 63, bundle_name_fault },
	{ "version", 1, true, field_string, AT(version), 63, bundle_version_fault },
	{ "vendor", 1, true, field_string, AT(vendor), 63, field_vendor_fault },
	{ "type", 1, true, parse_type, AT(type), 0, NULL },
	{ "summary", 1, true, field_string, AT(summary), 200, field_line_fault },
	{ "description", 1, false, field_string, AT(description), 4096, field_text_fault },
	{ "created", 1, true, field_string, AT(created), 20, field_time_fault },
	{ "architecture", 2, false, field_string, AT(architecture), 16, field_architecture_fault },
	{ "acceptance_level", 1, true, parse_acceptance, AT(acceptance_level), 0, NULL },
	{ "live_install_allowed", 1, false, field_bool, AT(live_install_allowed), 0, NULL },
	{ "live_remove_allowed", 1, false, field_bool, AT(live_remove_allowed), 0, NULL },
	{ "maintenance_mode", 1, false, field_bool, AT(maintenance_mode), 0, NULL },
	{ "overlay", 1, false, field_bool, AT(overlay), 0, NULL },
	{ "depends", 1, false, field_relations, AT(depends), 256, NULL },
	{ "conflicts", 1, false, field_relations, AT(conflicts), 256, NULL },
	{ "replaces", 1, false, field_relations, AT(replaces), 256, NULL },
	{ "provides", 1, false, field_relations, AT(provides), 256, NULL },
	{ "files", 1, true, field_sorted, AT(files), TARDISK_MAX_ENTRIES, field_path_fault },
	{ "shared", 1, false, field_sorted, AT(shared), TARDISK_MAX_ENTRIES, field_path_fault },
	{ "setuid", 2, false, field_sorted, AT(setuid), 256, field_path_fault },
	{ "services", 1, false, field_names, AT(services), 64, bundle_name_fault },
	{ "services_stop", 2, false, field_names, AT(services_stop), 64, bundle_name_fault },
	{ "services_restart", 2, false, field_names, AT(services_restart), 64, bundle_name_fault },
	{ "hooks", 2, false, parse_hooks, AT(hooks), 0, NULL },
	{ "health_window", 2, false, parse_window, AT(health_window), BUNDLE_HEALTH_MAX, NULL },
	{ "resources", 2, false, parse_resources, 0, 64, NULL },
	{ "sbom", 2, false, parse_sbom, AT(sbom), 0, NULL },
	{ "boot", 3, false, parse_boot, AT(boot), 0, NULL },
	{ "payloads", 1, true, parse_payloads, 0, BUNDLE_PAYLOADS_MAX, NULL },
};
/* clang-format on */

static const struct field *find_field(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

/* Unknown fields are refused, as they may change what the others mean; "x-..." never do. */
static int check_names(json_t *root, int format, struct err *e)
{
	const struct field *f;
	const char *name;
	json_t *value;

	json_object_foreach (root, name, value) {
		f = find_field(name);
		if (!f && strncmp(name, "x-", 2))
			return err_set(e, ERR_INVALID,
				       BUNDLE_DESCRIPTOR_FILE ": %.64s: unknown field", name);
		/* A host that knows no newer format than that would refuse it. */
		if (f && f->since > format)
			return err_set(e, ERR_INVALID,
				       BUNDLE_DESCRIPTOR_FILE
				       ": %s: is a field of format %d, but format is %d",
				       name, f->since, format);
	}
	return 0;
}

/* Is list, the named field, a part of files? Both are in byte order. */
static int check_part(const struct bundle_descriptor *d, const struct bundle_strings *list,
		      const char *name, struct err *e)
{
	size_t j = 0;

	for (size_t i = 0; i < list->n; i++) {
		while (j < d->files.n && strcmp(d->files.items[j], list->items[i]) < 0)
			j++;
		if (j == d->files.n || strcmp(d->files.items[j], list->items[i]))
			return err_set(e, ERR_INVALID,
				       BUNDLE_DESCRIPTOR_FILE ": %s[%zu]: is not in files", name,
				       i);
	}
	return 0;
}

static int check_listed(const struct bundle_descriptor *d, const char *field, char *path,
			struct err *e)
{
	const struct bundle_strings one = { &path, 1 };

	if (!check_part(d, &one, field, NULL))
		return 0;
	return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": %s: %.300s is not in files", field,
		       path);
}

static int check_hooks(const struct bundle_descriptor *d, struct err *e)
{
	if (*d->hooks.post_install && check_listed(d, "hooks", d->hooks.post_install, e))
		return -1;
	return *d->hooks.pre_remove ? check_listed(d, "hooks", d->hooks.pre_remove, e) : 0;
}

static int check_contracts(const struct bundle_descriptor *d, struct err *e)
{
	char field[32], conf[128];

	for (size_t i = 0; i < d->n_contracts; i++) {
		snprintf(field, sizeof(field), "resources[%zu]", i);
		snprintf(conf, sizeof(conf), BUNDLE_WORLD_CONF, d->contracts[i].world);
		if (check_listed(d, field, conf, e))
			return -1;
	}
	return 0;
}

static int check_whole(const struct bundle_descriptor *d, struct err *e)
{
	if (d->type == BUNDLE_BOOTBANK && !d->n_payloads)
		return err_set(e, ERR_INVALID,
			       BUNDLE_DESCRIPTOR_FILE ": payloads: empty, but type is bootbank");
	if (d->type == BUNDLE_META && (d->n_payloads || d->files.n || d->services.n))
		return err_set(e, ERR_INVALID,
			       BUNDLE_DESCRIPTOR_FILE
			       ": type: meta, but there are payloads, files or services");
	if (bundle_boot_check(d, e))
		return -1;
	if (check_part(d, &d->shared, "shared", e) || check_part(d, &d->setuid, "setuid", e) ||
	    check_contracts(d, e) || check_hooks(d, e))
		return -1;
	return *d->sbom.path ? check_listed(d, "sbom", d->sbom.path, e) : 0;
}

static int set_default(char **text, const char *value, struct err *e)
{
	if (!*text)
		*text = strdup(value);
	return *text ? 0 : err_sys(e, ENOMEM, BUNDLE_DESCRIPTOR_FILE);
}

static int parse_root(struct bundle_descriptor *d, json_t *root, struct err *e)
{
	json_t *format = json_object_get(root, "format");

	if (!json_is_object(root))
		return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": not an object");
	/* First of all, as a newer format may have other fields. */
	if (!format)
		return field_refuse(&fields[0], "missing", e);
	if (parse_format(NULL, format, &fields[0], e) ||
	    check_names(root, (int)json_integer_value(format), e))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		json_t *value = json_object_get(root, fields[i].name);

		if (!value && fields[i].required)
			return field_refuse(&fields[i], "missing", e);
		if (value && fields[i].parse((char *)d + fields[i].offset, value, &fields[i], e))
			return -1;
	}
	d->extra = object_extra(root);
	if (set_default(&d->description, "", e) || set_default(&d->architecture, "all", e) ||
	    set_default(&d->sbom.path, "", e) || set_default(&d->hooks.post_install, "", e) ||
	    set_default(&d->hooks.pre_remove, "", e))
		return -1;
	return check_whole(d, e);
}

int bundle_descriptor_parse(const char *text, size_t len, struct bundle_descriptor **out,
			    struct err *e)
{
	struct bundle_descriptor *d;
	json_error_t where;
	json_t *root;
	int rc;

	if (len > BUNDLE_DESCRIPTOR_MAX)
		return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": larger than 16 MiB");
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		return err_set(e, ERR_INVALID,
			       BUNDLE_DESCRIPTOR_FILE ": line %d, column %d: %.150s", where.line,
			       where.column, where.text);
	d = calloc(1, sizeof(*d));
	rc = d ? parse_root(d, root, e) : err_sys(e, ENOMEM, BUNDLE_DESCRIPTOR_FILE);
	json_decref(root);
	if (rc) {
		bundle_descriptor_free(d);
		return -1;
	}
	*out = d;
	return 0;
}
