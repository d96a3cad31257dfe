// SPDX-License-Identifier: Apache-2.0
/* Install to a disk: which there are, may this one be overwritten, and do it. */
#include "dcui/steps/steps.h"
#include "dcui/ui.h"

#include <stdio.h>

/* A step of an install that says nothing: the image is read, a slow disk flushes. */
#define SILENT_SECONDS 600

#define TITLE "Install to Disk"

static void take_text(char *out, size_t size, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	snprintf(out, size, "%s", text ? text : "");
}

static void take_disk(struct disk *d, const json_t *row)
{
	json_int_t size = json_integer_value(json_object_get(row, "size"));

	take_text(d->device, sizeof(d->device), row, "device");
	take_text(d->model, sizeof(d->model), row, "model");
	take_text(d->serial, sizeof(d->serial), row, "serial");
	take_text(d->path, sizeof(d->path), row, "path");
	take_text(d->content, sizeof(d->content), row, "content");
	d->size = size > 0 ? (uint64_t)size : 0;
	d->running = json_is_true(json_object_get(row, "running"));
}

static json_t *no_params(const struct model *m)
{
	(void)m;
	return NULL;
}

static enum step disks_listed(struct model *m, const json_t *result, const struct err *e)
{
	struct install *in = &m->install;
	const json_t *row;
	size_t i;

	in->count = 0;
	in->why[0] = '\0';
	if (e)
		ui_sentence(in->why, sizeof(in->why), e->text);
	json_array_foreach (result, i, row)
		if (in->count < INSTALL_DISKS)
			take_disk(&in->disks[in->count++], row);
	return STEP_END;
}

/* The disk must still be the one that was looked at: names change when disks come and go. */
static json_t *target(const struct model *m)
{
	const struct install *in = &m->install;
	json_t *params =
		json_pack("{s:s, s:s}", "device", in->disk.device, "serial", in->disk.serial);

	if (in->image.value[0])
		json_object_set_new(params, "image", json_string(in->image.value));
	return params;
}

static json_t *target_dry(const struct model *m)
{
	json_t *params = target(m);

	json_object_set_new(params, "dry_run", json_true());
	return params;
}

static void refuse(struct model *m, bool in_place, const struct err *e)
{
	char text[UI_MESSAGE];

	ui_sentence(text, sizeof(text), e->text);
	ui_result(m, in_place, TITLE);
	ui_result_line(m, false, "%s", text);
}

static enum step disk_checked(struct model *m, const json_t *result, const struct err *e)
{
	struct install *in = &m->install;
	const json_t *bank = json_object_get(result, "from_bank");

	if (e) {
		refuse(m, false, e);
		return STEP_END;
	}
	take_text(in->disk.content, sizeof(in->disk.content), result, "content");
	take_text(in->build, sizeof(in->build), result, "build");
	take_text(in->from, sizeof(in->from), result, "from_url");
	if (bank)
		snprintf(in->from, sizeof(in->from), "bank %d", (int)json_integer_value(bank));
	ui_push(m, SCREEN_ERASE);
	return STEP_END;
}

/* What was written before it failed is told apart from what was refused by the percents. */
static enum step installed(struct model *m, const json_t *result, const struct err *e)
{
	const char *device = m->install.disk.device;

	(void)result;
	step_note(m, e, "install to %s", device);
	if (e) {
		refuse(m, true, e);
		ui_result_line(
			m, false,
			m->busy_percent < 0
				? "Nothing was written."
				: "%s does not start, and what was on it may be lost. It can "
				  "be installed to again.",
			device);
		return STEP_DISKS;
	}
	ui_result(m, true, TITLE);
	ui_result_line(m, true, "Build %s was installed to %s and read back.", m->install.build,
		       device);
	ui_result_line(m, true,
		       "This host goes on as it is. To start from the disk, remove the stick or CD "
		       "that the host was started from, or choose the disk in the firmware, and "
		       "restart.");
	m->result.power = true;
	return STEP_DISKS;
}

const struct step_rule step_disks = { "system.boot.disk.list", no_params, disks_listed, 0 };
const struct step_rule step_disk_check = { "system.boot.install", target_dry, disk_checked,
					   SILENT_SECONDS };
const struct step_rule step_install = { "system.boot.install", target, installed, SILENT_SECONDS };
