// SPDX-License-Identifier: Apache-2.0
/* The last question before a disk is overwritten: its name has to be typed. Grants the install. */
#include "dcui/screens/screens.h"
#include "dcui/text.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 60
#define LABEL 6

/* Who types "sdb" means /dev/sdb. */
static bool is_name(const char *typed, const char *device)
{
	const char *slash = strrchr(device, '/');

	return *typed && (!strcmp(typed, device) || (slash && !strcmp(typed, slash + 1)));
}

/* Cut so that the smallest terminal has room for all of it. */
static void describe(const struct install *in, char *buf, size_t size)
{
	char bytes[32];

	snprintf(buf, size,
		 "Disk    %s, %s\nModel   %.50s\nSerial  %.50s\nOn it   %.50s\n\n"
		 "It gets build %.40s (%.70s) and starts a host by itself. To overwrite it, type "
		 "its name.",
		 in->disk.device, text_size(in->disk.size, bytes, sizeof(bytes)),
		 in->disk.model[0] ? in->disk.model : "-",
		 in->disk.serial[0] ? in->disk.serial : "-", in->disk.content, in->build, in->from);
}

static void render(const struct model *m, struct grid *g)
{
	const struct install *in = &m->install;
	char text[UI_MESSAGE];
	struct rect r;

	describe(in, text, sizeof(text));
	r = draw_dialog(g, draw_wrapped_rows(text, WIDTH) + 4 + !!in->message[0], WIDTH,
			"Install to Disk", "<Enter> Install   <Esc> Cancel");
	draw_text(g, r.row, r.col, WIDTH, STYLE_ALERT, "All that is on this disk will be lost.");
	r.row += 2;
	r.rows -= 2;
	r.row += draw_wrapped(g, r, STYLE_DIALOG, text) + 1;
	draw_input(g, r.row, r.col, LABEL, WIDTH - LABEL,
		   &(struct input){ .label = "Name:",
				    .value = in->name.value,
				    .cursor = in->name.cursor,
				    .focus = true });
	draw_text(g, r.row + 1, r.col, WIDTH, STYLE_ALERT, in->message);
}

static enum action handle(struct key key, struct model *m)
{
	struct install *in = &m->install;

	if (key.code != KEY_ENTER)
		return field_handle(&in->name, key) ? ACTION_NONE : ACTION_IGNORED;
	if (is_name(in->name.value, in->disk.device)) {
		m->granted = ACTION_INSTALL;
		return ACTION_INSTALL;
	}
	snprintf(in->message, sizeof(in->message),
		 "That is not the name of the disk: nothing was written.");
	field_wipe(&in->name);
	return ACTION_NONE;
}

static void enter(struct model *m)
{
	field_wipe(&m->install.name);
	m->install.message[0] = '\0';
}

const struct screen screen_erase = {
	.dialog = true,
	.help = "Nothing has been written yet. If this is the disk that is meant, type its name, "
		"as sdb or /dev/sdb; <Esc> leaves it as it is.\n\n"
		"The disk is written and read back. If the power fails meanwhile nothing starts "
		"from it, and it can be installed to again.",
	.render = render,
	.handle = handle,
	.enter = enter,
};
