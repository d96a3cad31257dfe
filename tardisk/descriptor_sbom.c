// SPDX-License-Identifier: Apache-2.0
/* The field "sbom". */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "descriptor_field.h"
#include "tar.h"

#define LICENSE_MAX 500
#define PURL_MAX 300

static int parse_component(const json_t *value, struct bundle_component *c, struct err *e)
{
	static const char *const known[] = { "name", "version", "license", "purl" };

	if (object_check(value, known, ARRAY_SIZE(known), e) ||
	    object_line(value, "name", true, 200, &c->name, e) ||
	    object_line(value, "version", true, 200, &c->version, e) ||
	    object_line(value, "license", false, LICENSE_MAX, &c->license, e) ||
	    object_line(value, "purl", false, PURL_MAX, &c->purl, e))
		return -1;
	if (*c->purl && strncmp(c->purl, "pkg:", 4))
		return err_set(e, ERR_INVALID, "purl: does not begin with pkg:");
	return 0;
}

static int parse_components(json_t *list, struct bundle_sbom *sbom, struct err *e)
{
	size_t i, n = json_array_size(list);
	json_t *item;

	if (!json_is_array(list) || n > BUNDLE_COMPONENTS_MAX)
		return err_set(e, ERR_INVALID, "components: must be an array of at most %d",
			       BUNDLE_COMPONENTS_MAX);
	sbom->components = calloc(n + 1, sizeof(*sbom->components));
	if (!sbom->components)
		return err_sys(e, ENOMEM, "components");
	json_array_foreach (list, i, item) {
		sbom->n_components++;
		if (parse_component(item, &sbom->components[i], e))
			return err_wrap(e, "components[%zu]", i);
	}
	return 0;
}

int bundle_sbom_parse(const json_t *value, struct bundle_sbom *sbom, struct err *e)
{
	static const char *const known[] = { "path", "sha256", "components" };
	json_t *list = json_object_get(value, "components");
	const char *fault;

	if (object_check(value, known, ARRAY_SIZE(known), e) ||
	    object_line(value, "path", false, TARDISK_PATH_MAX, &sbom->path, e))
		return -1;
	fault = *sbom->path ? field_path_fault(sbom->path) : NULL;
	if (fault)
		return err_set(e, ERR_INVALID, "path: %s", fault);
	if (*sbom->path && object_digest(value, "sha256", sbom->sha256, e))
		return -1;
	if (!*sbom->path && json_object_get(value, "sha256"))
		return err_set(e, ERR_INVALID, "sha256: is there without a path");
	return list ? parse_components(list, sbom, e) : 0;
}

bool bundle_sbom_is_empty(const struct bundle_sbom *sbom)
{
	return (!sbom->path || !*sbom->path) && !sbom->n_components;
}

static json_t *component_json(const struct bundle_component *c)
{
	json_t *value = json_pack("{s:s, s:s}", "name", c->name, "version", c->version);

	if (value && *c->license)
		json_object_set_new(value, "license", json_string(c->license));
	if (value && *c->purl)
		json_object_set_new(value, "purl", json_string(c->purl));
	return value;
}

json_t *bundle_sbom_json(const struct bundle_sbom *sbom)
{
	json_t *value = json_object(), *list = json_array();

	if (sbom->path && *sbom->path) {
		json_object_set_new(value, "path", json_string(sbom->path));
		json_object_set_new(value, "sha256", json_string(sbom->sha256));
	}
	for (size_t i = 0; i < sbom->n_components; i++)
		json_array_append_new(list, component_json(&sbom->components[i]));
	json_object_set_new(value, "components", list);
	return value;
}

void bundle_sbom_free(struct bundle_sbom *sbom)
{
	for (size_t i = 0; i < sbom->n_components; i++) {
		free(sbom->components[i].name);
		free(sbom->components[i].version);
		free(sbom->components[i].license);
		free(sbom->components[i].purl);
	}
	free(sbom->components);
	free(sbom->path);
}
