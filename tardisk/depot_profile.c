// SPDX-License-Identifier: Apache-2.0
/* An image profile: a named set of bundles. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "depot.h"
#include "descriptor_field.h"
#include "descriptor_object.h"

static int take(const json_t *value, const char *field, char **out,
		const char *(*fault)(const char *text), struct err *e)
{
	const char *what;

	if (object_line(value, field, true, 200, out, e) < 0)
		return -1;
	what = fault ? fault(*out) : NULL;
	return what ? err_set(e, ERR_INVALID, "%s: %s", field, what) : 0;
}

static int take_bundle(const json_t *item, struct bundle_relations *list, struct err *e)
{
	struct bundle_relation *r = &list->items[list->n];

	if (!json_is_string(item))
		return err_set(e, ERR_INVALID, "must be a string");
	if (bundle_relation_parse(json_string_value(item), r, e) < 0)
		return -1;
	if (r->op != BUNDLE_EQ)
		return err_set(e, ERR_INVALID, "must be NAME = VERSION");
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->items[i].name, r->name))
			return err_set(e, ERR_INVALID, "%s comes twice", r->name);
	list->n++;
	return 0;
}

static int take_bundles(json_t *list, struct bundle_relations *out, struct err *e)
{
	json_t *item;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > DEPOT_BUNDLES_MAX)
		return err_set(e, ERR_INVALID, "bundles: must be an array of at most %d",
			       DEPOT_BUNDLES_MAX);
	out->items = calloc(json_array_size(list) + 1, sizeof(*out->items));
	if (!out->items)
		return err_sys(e, ENOMEM, "bundles");
	json_array_foreach (list, i, item)
		if (take_bundle(item, out, e) < 0)
			return err_wrap(e, "bundles[%zu]", i);
	return 0;
}

int depot_profile_take(json_t *value, struct depot_profile *p, struct err *e)
{
	static const char *const known[] = { "name",	"version", "vendor",
					     "summary", "created", "bundles" };

	memset(p, 0, sizeof(*p));
	if (object_check(value, known, ARRAY_SIZE(known), e) < 0 ||
	    take(value, "name", &p->name, bundle_name_fault, e) < 0 ||
	    take(value, "version", &p->version, bundle_version_fault, e) < 0 ||
	    take(value, "vendor", &p->vendor, field_vendor_fault, e) < 0 ||
	    take(value, "summary", &p->summary, NULL, e) < 0 ||
	    take(value, "created", &p->created, field_time_fault, e) < 0)
		return -1;
	return take_bundles(json_object_get(value, "bundles"), &p->bundles, e);
}

int depot_profile_parse(const char *text, size_t len, struct depot_profile *p, struct err *e)
{
	json_error_t where;
	json_t *value = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	int rc;

	memset(p, 0, sizeof(*p));
	if (!value)
		return err_set(e, ERR_INVALID, "line %d: %.200s", where.line, where.text);
	rc = depot_profile_take(value, p, e);
	json_decref(value);
	return rc;
}

json_t *depot_profile_json(const struct depot_profile *p)
{
	json_t *list = json_array();
	char text[BUNDLE_RELATION_TEXT];

	for (size_t i = 0; i < p->bundles.n; i++)
		json_array_append_new(
			list, json_string(bundle_relation_format(&p->bundles.items[i], text)));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "name", p->name, "version", p->version,
			 "vendor", p->vendor, "summary", p->summary, "created", p->created,
			 "bundles", list);
}

void depot_profile_free(struct depot_profile *p)
{
	free(p->name);
	free(p->version);
	free(p->vendor);
	free(p->summary);
	free(p->created);
	free(p->bundles.items);
	memset(p, 0, sizeof(*p));
}
