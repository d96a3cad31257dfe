// SPDX-License-Identifier: Apache-2.0
/* system.boot: what the host was started from, and what failed to start. */
#include "boot.h"
#include "scrub.h"
#include "spare.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "utc.h"

#define LOCK "/run/visoros/boot.lock"
#define LOCK_PATIENCE 3000 /* ms */

int boot_cmdline(char cmdline[static KARGS_MAX], struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_PROC, "/proc/cmdline") < 0)
		return -1;
	return file_read_at(AT_FDCWD, path, cmdline, KARGS_MAX, e) < 0 ? -1 : 0;
}

/* Where the medium is looked for, as tests show it. */
struct place {
	struct medium_where where;
	char cmdline[KARGS_MAX], sysfs[CORE_PATH_MAX], dev[CORE_PATH_MAX], moved[CORE_PATH_MAX];
};

static int find_place(struct place *p, struct err *e)
{
	p->where = (struct medium_where){ p->cmdline, p->sysfs, p->dev, p->moved };
	if (boot_cmdline(p->cmdline, e) < 0 || core_path(p->sysfs, e, CORE_SYSFS, "/sys") < 0 ||
	    core_path(p->dev, e, CORE_ROOT, "/dev") < 0)
		return -1;
	return core_path(p->moved, e, CORE_RUN, MEDIUM_MOVED);
}

bool boot_has_medium(void)
{
	char guid[MEDIUM_GUID];
	struct place p;

	return find_place(&p, NULL) == 0 && medium_expected(&p.where, guid);
}

int boot_look(struct banks **out, struct err *e)
{
	_cleanup_free_ struct banks *b = calloc(1, sizeof(*b));
	struct place p;

	if (!b)
		return core_nomem(e);
	if (find_place(&p, e) < 0 || banks_look(&p.where, b, e) < 0)
		return -1;
	*out = TAKE_PTR(b);
	return 0;
}

int boot_lock(struct err *e)
{
	int lock = core_lock_within(LOCK, LOCK_PATIENCE, e);

	return lock < 0 ? err_wrap(e, "another operation on the boot medium is under way") : lock;
}

int boot_look_locked(struct banks **b, int *lock, struct err *e)
{
	*lock = boot_lock(e);
	return *lock < 0 ? -1 : boot_look(b, e);
}

int boot_failure(const struct banks *b, struct trial *t, struct err *e)
{
	unsigned int other = 1 - b->medium.bank;
	const struct bank *bank = &b->bank[other];
	_cleanup_blkio_ struct blkio *io = NULL;
	struct err own = ERR_INIT;

	if (!b->view[other].counts ||
	    (b->view[other].state != BANK_INVALID && b->view[other].state != BANK_DIRTY))
		return 0;
	io = banks_open(b, other, false, e);
	if (!io)
		return -1;
	if (trial_read(io, t, &own) == 0)
		return t->outcome == TRIAL_RUNNING || t->outcome == TRIAL_FAILED;
	if (own.kind != ERR_NOT_FOUND && own.kind != ERR_INVALID) {
		if (e)
			*e = own;
		return -1;
	}
	/* It was newer, and came no further than the kernel: nobody was there to write it down. */
	memset(t, 0, sizeof(*t));
	memcpy(t->build, bank->cfg.build, sizeof(t->build));
	return b->view[other].updated > b->view[b->medium.bank].updated;
}

const char *boot_failure_reason(const struct trial *t)
{
	if (t->outcome == TRIAL_FAILED)
		return t->reason;
	return t->sequence ? "the host ended during its trial, without saying why"
			   : "it did not start, or not far enough to say why";
}

static json_t *pack_time(uint64_t seconds)
{
	char text[UTC_MAX];

	return seconds ? json_string(utc_text((time_t)seconds, text)) : json_null();
}

json_t *boot_pack_failure(const struct banks *b, const struct trial *t)
{
	return json_pack("{s:i, s:s, s:s, s:o}", "bank", (int)(1 - b->medium.bank), "build",
			 t->build, "reason", boot_failure_reason(t), "time", pack_time(t->time));
}

static json_t *failure_of(const struct banks *b)
{
	_cleanup_free_ struct trial *t = malloc(sizeof(*t));

	/* Whether there is one is not worth the whole answer. */
	if (!t || boot_failure(b, t, NULL) <= 0)
		return json_null();
	return boot_pack_failure(b, t);
}

/* The medium as one word. */
static const char *medium_word(const struct err *e)
{
	if (!boot_has_medium())
		return "none";
	return e->kind == ERR_CONFLICT ? "copied" : "lost";
}

static int set_source(json_t *answer, struct err *e)
{
	char cmdline[KARGS_MAX], url[1024];

	if (boot_cmdline(cmdline, e) < 0)
		return -1;
	if (!kargs_value(cmdline, "visoros.boot", url, sizeof(url)))
		snprintf(url, sizeof(url), "%s", boot_has_medium() ? "bank" : "unknown");
	return json_object_set_new(answer, "source", json_string(url)) < 0 ? core_nomem(e) : 0;
}

/* When somebody last looked through it all, and what is damaged since. */
static int set_scrubbed(json_t *answer, const struct banks *b, struct err *e)
{
	json_t *status = scrub_status(), *time = json_object_get(status, "time");
	char problem[320] = "";
	int rc;

	scrub_problems(status, problem, sizeof(problem));
	if (!problem[0] && b->bank[b->medium.bank].why_not[0])
		snprintf(problem, sizeof(problem), "bank %u: %s", b->medium.bank,
			 b->bank[b->medium.bank].why_not);
	rc = json_object_set(answer, "scrubbed", time ? time : json_null());
	if (rc == 0 && problem[0])
		rc = json_object_set_new(answer, "problem", json_string(problem));
	json_decref(status);
	return rc < 0 ? core_nomem(e) : 0;
}

static json_t *pack_present(const struct banks *b)
{
	const struct bank *own = &b->bank[b->medium.bank];

	return json_pack("{s:s, s:s, s:i, s:s, s:s, s:o, s:o}", "medium", "present", "disk",
			 b->medium.disk, "bank", (int)b->medium.bank, "build",
			 own->there ? own->cfg.build : "", "state",
			 own->there ? bank_state_name(own->cfg.state) : "unknown", "next",
			 b->next.reason == BANK_NONE ? json_null() : json_integer(b->next.bank),
			 "failure", failure_of(b));
}

static int boot_get(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct banks *b = NULL;
	struct err own = ERR_INIT;

	(void)params;
	if (boot_look(&b, &own) == 0)
		*result = pack_present(b);
	else
		*result = json_pack("{s:s, s:s}", "medium", medium_word(&own), "problem", own.text);
	if (!*result)
		return core_nomem(e);
	if (b && set_scrubbed(*result, b, e) < 0)
		return -1;
	if (boot_has_medium() && json_object_set_new(*result, "spare", boot_spare_status()) < 0)
		return core_nomem(e);
	return set_source(*result, e);
}

/* The text as an array of its lines, whatever bytes are in it. */
static json_t *lines_of(const char *text, size_t len)
{
	json_t *lines = json_array();

	while (lines && len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;
		json_t *line = json_stringn(text, n);

		json_array_append_new(lines, line ? line : json_string("(not text)"));
		n += end != NULL;
		text += n;
		len -= n;
	}
	return lines;
}

static int failure_get(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct trial *t = malloc(sizeof(*t));
	_cleanup_free_ struct banks *b = NULL;
	int rc;

	(void)params;
	if (!t)
		return core_nomem(e);
	if (boot_look(&b, e) < 0)
		return -1;
	rc = boot_failure(b, t, e);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return err_set(e, ERR_NOT_FOUND, "no image failed on this host");
	*result = boot_pack_failure(b, t);
	if (!*result || json_object_set_new(*result, "lines", lines_of(t->text, t->len)) < 0)
		return core_nomem(e);
	return 0;
}

const struct core_op core_boot_ops[] = {
	{
		.name = "system.boot.get",
		.method = "GET",
		.path = "/system/boot",
		.flags = CORE_SLOW,
		.run = boot_get,
		.help = "What the host was started from",
	},
	{
		.name = "system.boot.failure.get",
		.method = "GET",
		.path = "/system/boot/failure",
		.flags = CORE_SLOW,
		.run = failure_get,
		.help = "The image that failed, and the end of its log",
	},
	{ 0 },
};
