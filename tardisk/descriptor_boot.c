// SPDX-License-Identifier: Apache-2.0
/* What only images have: the field "boot", and payloads that are files of a bank. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "descriptor_object.h"

#define BUILD_MAX 63	 /* bytes; boot.cfg(5) */
#define OPTIONS_MAX 2047 /* likewise */

/* What GRUB would take for its own, or what would end a line. */
static int check_plain(const char *text, const char *field, struct err *e)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '\\' || *text == '\'')
			return err_set(e, ERR_INVALID,
				       "%s: only plain characters, without \\ and '", field);
	return 0;
}

int bundle_boot_parse(const json_t *value, struct bundle_boot *boot, struct err *e)
{
	static const char *const known[] = { "build", "kernelopt" };

	if (object_check(value, known, ARRAY_SIZE(known), e) ||
	    object_line(value, "build", true, BUILD_MAX, &boot->build, e) ||
	    object_line(value, "kernelopt", false, OPTIONS_MAX, &boot->options, e) ||
	    check_plain(boot->build, "build", e))
		return -1;
	return check_plain(boot->options, "kernelopt", e);
}

json_t *bundle_boot_json(const struct bundle_boot *boot)
{
	json_t *value = json_pack("{s:s}", "build", boot->build);

	if (value && *boot->options)
		json_object_set_new(value, "kernelopt", json_string(boot->options));
	return value;
}

void bundle_boot_free(struct bundle_boot *boot)
{
	free(boot->build);
	free(boot->options);
}

static int refuse(const char *field, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": %s: %s", field, what);
}

/* Fields that speak of files on the running host, which an image does not touch. */
static const char *foreign_field(const struct bundle_descriptor *d)
{
	const struct {
		const char *name;
		size_t n;
	} fields[] = {
		{ "files", d->files.n },
		{ "depends", d->depends.n },
		{ "conflicts", d->conflicts.n },
		{ "replaces", d->replaces.n },
		{ "services", d->services.n },
		{ "services_stop", d->services_stop.n },
		{ "services_restart", d->services_restart.n },
		{ "health_window", d->health_window },
		{ "live_install_allowed", d->live_install_allowed },
		{ "live_remove_allowed", d->live_remove_allowed },
		{ "maintenance_mode", d->maintenance_mode },
		{ "overlay", d->overlay },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].n)
			return fields[i].name;
	return NULL;
}

int bundle_boot_check(const struct bundle_descriptor *d, struct err *e)
{
	bool image = d->type == BUNDLE_IMAGE;
	const char *foreign = image ? foreign_field(d) : NULL;

	if (image != (d->boot.build != NULL))
		return refuse("boot", image ? "missing, but type is image" : "type is not image",
			      e);
	for (size_t i = 0; i < d->n_payloads; i++)
		if (d->payloads[i].boot != image)
			return refuse("payloads",
				      image ? "an image has only those of type boot"
					    : "only an image has those of type boot",
				      e);
	if (image && d->n_payloads < 2)
		return refuse("payloads", "a kernel and at least one module are needed", e);
	return foreign ? refuse(foreign, "an image has none", e) : 0;
}
