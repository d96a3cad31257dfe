// SPDX-License-Identifier: Apache-2.0
/*
 * Parses descriptor.json. Each field is a line of a table: its name, whether
 * it must be there, what parses it, and where it goes.
 */
#include "descriptor.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "descriptor_payload.h"
#include "tar.h"

struct field {
	const char *name;
	bool required;
	int (*parse)(void *to, json_t *value, const struct field *f, struct err *e);
	size_t offset; /* of the member of struct bundle_descriptor */
	size_t max;    /* bytes of a string, elements of an array; at least one if required */
	const char *(*fault)(const char *text);
};

static int refuse(const struct field *f, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": %s: %s", f->name, what);
}

static int refuse_item(const struct field *f, size_t i, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": %s[%zu]: %s", f->name, i, what);
}

static int parse_format(void *to, json_t *value, const struct field *f, struct err *e)
{
	(void)to;
	if (!json_is_integer(value) || json_integer_value(value) < 1)
		return refuse(f, "must be a number from 1 on", e);
	if (json_integer_value(value) != BUNDLE_FORMAT)
		return refuse(f, "is newer than 1, which is what this host understands", e);
	return 0;
}

static int parse_string(void *to, json_t *value, const struct field *f, struct err *e)
{
	const char *fault = NULL;

	if (!json_is_string(value))
		return refuse(f, "must be a string", e);
	if (json_string_length(value) > f->max || (f->required && !json_string_length(value)))
		return refuse(f, "is empty or too long", e);
	if (f->fault)
		fault = f->fault(json_string_value(value));
	if (fault)
		return refuse(f, fault, e);
	*(char **)to = strdup(json_string_value(value));
	return *(char **)to ? 0 : err_sys(e, ENOMEM, "%s", f->name);
}

static int parse_bool(void *to, json_t *value, const struct field *f, struct err *e)
{
	if (!json_is_boolean(value))
		return refuse(f, "must be true or false", e);
	*(bool *)to = json_is_true(value);
	return 0;
}

static int parse_type(void *to, json_t *value, const struct field *f, struct err *e)
{
	for (int i = BUNDLE_BOOTBANK; i <= BUNDLE_META; i++) {
		if (!json_is_string(value) ||
		    strcmp(json_string_value(value), bundle_type_name((enum bundle_type)i)))
			continue;
		*(enum bundle_type *)to = (enum bundle_type)i;
		return 0;
	}
	return refuse(f, "must be \"bootbank\" or \"meta\"", e);
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
	return refuse(f, "must be certified, accepted, partner or community", e);
}

static int check_array(json_t *value, const struct field *f, struct err *e)
{
	if (!json_is_array(value))
		return refuse(f, "must be an array", e);
	if (json_array_size(value) > f->max)
		return refuse(f, "has too many elements", e);
	return 0;
}

static int parse_relations(void *to, json_t *value, const struct field *f, struct err *e)
{
	struct bundle_relations *r = to;
	json_t *item;
	size_t i;

	if (check_array(value, f, e))
		return -1;
	r->items = calloc(json_array_size(value) + 1, sizeof(*r->items));
	if (!r->items)
		return err_sys(e, ENOMEM, "%s", f->name);
	json_array_foreach (value, i, item) {
		if (!json_is_string(item))
			return refuse_item(f, i, "must be a string", e);
		if (bundle_relation_parse(json_string_value(item), &r->items[i], e))
			return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s[%zu]", f->name, i);
		/* What a bundle provides has one version, not a range. */
		if (f->offset == offsetof(struct bundle_descriptor, provides) &&
		    r->items[i].op != BUNDLE_ANY && r->items[i].op != BUNDLE_EQ)
			return refuse_item(f, i, "must be NAME or NAME = VERSION", e);
		r->n++;
	}
	return 0;
}

static int parse_strings(void *to, json_t *value, const struct field *f, struct err *e)
{
	struct bundle_strings *s = to;
	const char *fault;
	json_t *item;
	size_t i;

	if (check_array(value, f, e))
		return -1;
	s->items = calloc(json_array_size(value) + 1, sizeof(*s->items));
	if (!s->items)
		return err_sys(e, ENOMEM, "%s", f->name);
	json_array_foreach (value, i, item) {
		if (!json_is_string(item))
			return refuse_item(f, i, "must be a string", e);
		fault = f->fault(json_string_value(item));
		if (fault)
			return refuse_item(f, i, fault, e);
		s->items[i] = strdup(json_string_value(item));
		if (!s->items[i])
			return err_sys(e, ENOMEM, "%s", f->name);
		s->n++;
	}
	return 0;
}

static int parse_files(void *to, json_t *value, const struct field *f, struct err *e)
{
	const struct bundle_strings *s = to;

	if (parse_strings(to, value, f, e))
		return -1;
	for (size_t i = 1; i < s->n; i++)
		if (strcmp(s->items[i - 1], s->items[i]) >= 0)
			return refuse_item(f, i, "is not in byte order or comes twice", e);
	return 0;
}

static int parse_services(void *to, json_t *value, const struct field *f, struct err *e)
{
	const struct bundle_strings *s = to;

	if (parse_strings(to, value, f, e))
		return -1;
	for (size_t i = 1; i < s->n; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(s->items[i], s->items[j]))
				return refuse_item(f, i, "comes twice", e);
	return 0;
}

static int parse_payloads(void *to, json_t *value, const struct field *f, struct err *e)
{
	struct bundle_descriptor *d = to;
	json_t *item;
	size_t i;

	if (check_array(value, f, e))
		return -1;
	d->payloads = calloc(json_array_size(value) + 1, sizeof(*d->payloads));
	if (!d->payloads)
		return err_sys(e, ENOMEM, "%s", f->name);
	json_array_foreach (value, i, item) {
		if (bundle_payload_parse(item, &d->payloads[i], e))
			return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s[%zu]", f->name, i);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(d->payloads[j].name, d->payloads[i].name))
				return refuse_item(f, i, "has a name that comes twice", e);
		d->n_payloads++;
	}
	return 0;
}

static const char *vendor_fault(const char *text)
{
	return bundle_version_fault(text) ? "must be letters, digits and + . ~ -" : NULL;
}

static const char *line_fault(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return "has a control character";
	return NULL;
}

static const char *text_fault(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') || *text == 0x7f)
			return "has a control character other than a newline";
	return NULL;
}

static const char *time_fault(const char *text)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);

	return end && !*end && strlen(text) == 20 ? NULL
						  : "must be of the form 2026-01-31T12:00:00Z";
}

static const char *path_fault(const char *text)
{
	size_t len = strlen(text);

	return tardisk_path_fault(text, len > UINT32_MAX ? 0 : (uint32_t)len);
}

#define AT(member) offsetof(struct bundle_descriptor, member)

static const struct field fields[] = {
	{ "format", true, parse_format, 0, 0, NULL },
	{ "name", true, parse_string, AT(name), 63, bundle_name_fault },
	{ "version", true, parse_string, AT(version), 63, bundle_version_fault },
	{ "vendor", true, parse_string, AT(vendor), 63, vendor_fault },
	{ "type", true, parse_type, AT(type), 0, NULL },
	{ "summary", true, parse_string, AT(summary), 200, line_fault },
	{ "description", false, parse_string, AT(description), 4096, text_fault },
	{ "created", true, parse_string, AT(created), 20, time_fault },
	{ "acceptance_level", true, parse_acceptance, AT(acceptance_level), 0, NULL },
	{ "live_install_allowed", false, parse_bool, AT(live_install_allowed), 0, NULL },
	{ "live_remove_allowed", false, parse_bool, AT(live_remove_allowed), 0, NULL },
	{ "maintenance_mode", false, parse_bool, AT(maintenance_mode), 0, NULL },
	{ "overlay", false, parse_bool, AT(overlay), 0, NULL },
	{ "depends", false, parse_relations, AT(depends), 256, NULL },
	{ "conflicts", false, parse_relations, AT(conflicts), 256, NULL },
	{ "replaces", false, parse_relations, AT(replaces), 256, NULL },
	{ "provides", false, parse_relations, AT(provides), 256, NULL },
	{ "files", true, parse_files, AT(files), TARDISK_MAX_ENTRIES, path_fault },
	{ "shared", false, parse_files, AT(shared), TARDISK_MAX_ENTRIES, path_fault },
	{ "services", false, parse_services, AT(services), 64, bundle_name_fault },
	{ "payloads", true, parse_payloads, 0, BUNDLE_PAYLOADS_MAX, NULL },
};

static const struct field *find_field(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

/* Unknown fields are refused, as they may change what the others mean; "x-..." never do. */
static int check_names(json_t *root, struct err *e)
{
	const char *name;
	json_t *value;

	json_object_foreach (root, name, value) {
		if (!find_field(name) && strncmp(name, "x-", 2))
			return err_set(e, ERR_INVALID,
				       BUNDLE_DESCRIPTOR_FILE ": %.64s: unknown field", name);
	}
	return 0;
}

/* Both lists are in byte order. */
static int check_shared(const struct bundle_descriptor *d, struct err *e)
{
	size_t j = 0;

	for (size_t i = 0; i < d->shared.n; i++) {
		while (j < d->files.n && strcmp(d->files.items[j], d->shared.items[i]) < 0)
			j++;
		if (j == d->files.n || strcmp(d->files.items[j], d->shared.items[i]))
			return err_set(e, ERR_INVALID,
				       BUNDLE_DESCRIPTOR_FILE ": shared[%zu]: is not in files", i);
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
	return check_shared(d, e);
}

static int parse_root(struct bundle_descriptor *d, json_t *root, struct err *e)
{
	json_t *format = json_object_get(root, "format");

	if (!json_is_object(root))
		return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": not an object");
	/* First of all, as a newer format may have other fields. */
	if (format && parse_format(NULL, format, &fields[0], e))
		return -1;
	if (check_names(root, e))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		json_t *value = json_object_get(root, fields[i].name);

		if (!value && fields[i].required)
			return refuse(&fields[i], "missing", e);
		if (value && fields[i].parse((char *)d + fields[i].offset, value, &fields[i], e))
			return -1;
	}
	if (!d->description && !(d->description = strdup("")))
		return err_sys(e, ENOMEM, "description");
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
