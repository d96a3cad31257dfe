// SPDX-License-Identifier: Apache-2.0
/* system.boot.scrub: looks through the boot medium, and puts right what it can prove. */
#include "scrub.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "utc.h"

#define STATUS_MAX 65536

static const char *const words[] = {
	[SCRUB_GOOD] = "good",	       [SCRUB_DAMAGED] = "damaged", [SCRUB_MENDED] = "repaired",
	[SCRUB_CHANGED] = "different", [SCRUB_SKIPPED] = "skipped",
};

static bool was_said(const json_t *before, const json_t *row)
{
	const json_t *one;
	size_t i;

	json_array_foreach (before, i, one)
		if (json_equal(one, row))
			return true;
	return false;
}

static void tell(const char *part, const char *name, enum scrub_result result, const char *detail)
{
	const struct event_detail *details =
		EVENT_WITH(EVENT_STR("part", part), EVENT_STR("name", name));

	if (result == SCRUB_DAMAGED)
		core_event(EVENT_MEDIUM_DAMAGED, details, "Boot medium, %s%s%s: is damaged: %s",
			   part, *name ? ", " : "", name, detail);
	else if (result == SCRUB_MENDED)
		core_event(EVENT_MEDIUM_REPAIRED, details,
			   "Boot medium, %s%s%s: was damaged and is repaired: %s", part,
			   *name ? ", " : "", name, detail);
	else if (result == SCRUB_CHANGED)
		core_event(EVENT_MEDIUM_CHANGED, details, "Boot medium, %s%s%s: %s", part,
			   *name ? ", " : "", name, detail);
}

void scrub_say(struct scrub *s, const char *part, const char *name, enum scrub_result result,
	       const char *fmt, ...)
{
	char detail[320];
	json_t *row;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	row = json_pack("{s:s, s:s, s:s, s:s}", "part", part, "name", name, "result", words[result],
			"detail", detail);
	s->damaged += result == SCRUB_DAMAGED;
	s->mended += result == SCRUB_MENDED;
	/* A repair is news each time: a medium that needs many is wearing out. */
	if (result == SCRUB_MENDED || !was_said(s->before, row))
		tell(part, name, result, detail);
	json_array_append_new(s->rows, row);
}

json_t *scrub_status(void)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_RUN, SCRUB_STATUS) < 0 ||
	    file_read(path, STATUS_MAX, &text, NULL, NULL) < 0)
		return NULL;
	return json_loads(text, 0, NULL);
}

static const char *text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text ? text : "";
}

/* part: only this one; NULL: each with its name. */
static void list_damage(const json_t *status, const char *part, char *text, size_t size)
{
	const json_t *row;
	size_t i, len = 0;

	text[0] = '\0';
	json_array_foreach (json_object_get(status, "rows"), i, row) {
		const char *name = text_of(row, "name"), *in = text_of(row, "part");

		if (strcmp(text_of(row, "result"), words[SCRUB_DAMAGED]) != 0 ||
		    (part && strcmp(part, in) != 0))
			continue;
		if (len < size)
			len += (size_t)snprintf(text + len, size - len, "%s%s%s%s",
						len ? ", " : "damaged: ", part ? "" : in,
						!part && *name ? " " : "", name);
	}
}

void scrub_problems(const json_t *status, char *text, size_t size)
{
	list_damage(status, NULL, text, size);
}

void scrub_problem(const json_t *status, unsigned int bank, char *text, size_t size)
{
	char part[16];

	snprintf(part, sizeof(part), "bank %u", bank);
	list_damage(status, part, text, size);
}

static void save_status(const struct scrub *s)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX], when[UTC_MAX];
	json_t *status;

	status = json_pack("{s:s, s:i, s:O}", "time", utc_text(time(NULL), when), "damaged",
			   (int)s->damaged, "rows", s->rows);
	text = status ? json_dumps(status, JSON_COMPACT) : NULL;
	json_decref(status);
	if (text && core_path(path, NULL, CORE_RUN, BOOT_KNOWN) == 0 &&
	    file_make_dirs(path, NULL) == 0 && core_path(path, NULL, CORE_RUN, SCRUB_STATUS) == 0)
		file_write_atomic(path, text, strlen(text), 0600, NULL);
}

/* The bank that runs first: what it has is what the other one may be put right from. */
static int look_through(struct scrub *s, struct err *e)
{
	unsigned int own = s->banks->medium.bank;

	if (scrub_disk(s, e) < 0 || scrub_bank(s, own, e) < 0)
		return -1;
	return scrub_bank(s, 1 - own, e);
}

static int scrub(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct banks *banks = NULL;
	json_t *status;
	struct scrub s = {
		.image = core_string(params, "image"),
		.check_only = json_is_true(json_object_get(params, "check_only")),
	};
	int rc;

	if (boot_look(&banks, e) < 0)
		return -1;
	s.rows = json_array();
	if (!s.rows)
		return core_nomem(e);
	s.banks = banks;
	status = scrub_status();
	s.before = json_object_get(status, "rows");
	boot_pace_start(&s.pace, (uint64_t)core_integer(params, "rate", 0) << 10);
	rc = look_through(&s, e);
	json_decref(status);
	if (rc < 0) {
		json_decref(s.rows);
		return -1;
	}
	save_status(&s);
	if (!s.damaged)
		core_event(EVENT_MEDIUM_GOOD, NULL, "Nothing of the boot medium is damaged");
	*result = s.rows;
	return 0;
}

static const struct core_param params[] = {
	{ "check_only", CORE_BOOL, .help = "Only look: nothing is written" },
	{ "image", CORE_STRING, .min = 1, .max = 1000,
	  .help = "A folder as make pxe makes it, a URL or a path: good files may come from there, "
		  "too" },
	{ "rate", CORE_INT, .min = 0, .max = 1 << 20,
	  .help = "KiB read in a second, and none while memory is short; 0: as fast as it goes" },
	{ 0 },
};

const struct core_op core_boot_scrub_ops[] = {
	{
		.name = "system.boot.scrub",
		.method = "POST",
		.path = "/system/boot/scrub",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_TASK | CORE_CANCEL,
		.params = params,
		.run = scrub,
		.help = "Looks through the boot medium and repairs what it can prove",
	},
	{ 0 },
};
