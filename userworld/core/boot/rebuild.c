// SPDX-License-Identifier: Apache-2.0
/*
 * system.boot.rebuild: a boot medium that is lost or broken, again on another disk, from the host
 * that runs. What is written, and in which order, is what an install does; the image is the one
 * that runs, to its bank and with its number, and the state is that of now.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "cleanup.h"
#include "file.h"
#include "first_state.h"
#include "install_job.h"
#include "scrub.h"
#include "source_dir.h"
#include "spare.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/core/state/client.h"
#include "version.h"

struct rebuild {
	struct install_job job; /* the first, so that its callbacks have the rest */
	bool stateful;		/* it has state, which goes on there */
	char from[BOOT_SOURCE_URL];
	json_int_t generation; /* of the state on the new medium, 0: none */
	char problem[320];     /* state does not go on there, because */
};

static void free_rebuild(struct rebuild **r)
{
	if (*r)
		job_close(&(*r)->job);
	free(*r);
}

static int give_state(struct install_job *j, struct blkio *part, struct err *e)
{
	struct state_snapshot s = { 0 };
	uint64_t generation;
	int rc = state_snapshot_take(&s, core_prefix(CORE_ROOT), &generation, e);

	if (rc == 0)
		rc = boot_first_state(&s, j->source.cfg.build, "the boot medium was rebuilt", part,
				      e);
	state_snapshot_free(&s);
	return rc;
}

/* What is on trial, or given up already, must not become what the host starts with. */
static int judge_state(const json_t *status, bool *stateful, struct err *e)
{
	const char *mode = json_string_value(json_object_get(status, "mode"));

	*stateful = mode && strcmp(mode, "stateless") != 0;
	if (json_integer_value(json_object_get(status, "trial")))
		return err_set(e, ERR_CONFLICT,
			       "changes of the state are on trial: confirm them, or let them run "
			       "out (system state confirm)");
	if (mode && strcmp(mode, "reset") == 0)
		return err_set(e, ERR_CONFLICT,
			       "the state is reset at the next start: restart the host first, or "
			       "go back by 'system state revert'");
	return 0;
}

static int look_at_state(struct rebuild *r, struct err *e)
{
	json_t *status = NULL;
	int rc = core_call("system.state.get", NULL, &status, e);

	if (rc == 0)
		rc = judge_state(status, &r->stateful, e);
	json_decref(status);
	if (r->stateful)
		r->job.state = give_state;
	return rc;
}

/* Where the image goes: where it is, as far as anybody knows. */
static void choose_place(struct install_job *j, unsigned int bank, unsigned long updated)
{
	j->bank = bank;
	j->updated = updated ? updated : 1;
}

static int from_image(struct rebuild *r, const char *image, struct err *e)
{
	struct install_job *j = &r->job;

	if (boot_source_open(&j->source, NULL, image, e) < 0)
		return -1;
	if (!j->source.running)
		return err_set(e, ERR_CONFLICT,
			       "%s has image %s, and %s runs: another image is installed by "
			       "'system boot install'",
			       image, j->source.cfg.build, VISOROS_VERSION "-" VISOROS_BUILD);
	if (*j->source.dir && boot_source_dir_check(&j->source, e) < 0)
		return -1;
	if (j->banks)
		choose_place(j, j->banks->medium.bank,
			     j->banks->bank[j->banks->medium.bank].cfg.updated);
	snprintf(r->from, sizeof(r->from), "%s", j->source.folder);
	return 0;
}

static int from_bank(struct rebuild *r, struct err *e)
{
	struct install_job *j = &r->job;

	if (boot_source_open(&j->source, j->banks, NULL, e) < 0)
		return -1;
	choose_place(j, (unsigned int)j->source.bank, j->source.cfg.updated);
	snprintf(r->from, sizeof(r->from), "bank %d of %s", j->source.bank, j->banks->medium.disk);
	return 0;
}

static int from_spare(struct rebuild *r, struct err *e)
{
	struct install_job *j = &r->job;
	unsigned int bank;

	if (boot_spare_open(&j->source, &bank, e) < 0 || boot_source_dir_check(&j->source, e) < 0)
		return -1;
	choose_place(j, bank, j->source.cfg.updated);
	snprintf(r->from, sizeof(r->from), "memory");
	return 0;
}

/* An image on trial would be the only one of the new medium, and count as confirmed. */
static int check_trial(const struct banks *b, struct err *e)
{
	const struct bank *own = &b->bank[b->medium.bank];

	if (!own->there || own->cfg.state == BANK_VALID || own->cfg.state == BANK_UNKNOWN)
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "the running image is %s: the medium can be rebuilt when it is confirmed "
		       "(system boot bank confirm)",
		       bank_state_name(own->cfg.state));
}

/* The bank if it is good, else memory. Who names a folder wants that one. */
static int open_source(struct rebuild *r, const char *image, struct err *e)
{
	struct install_job *j = &r->job;
	struct err why = ERR_INIT, spare = ERR_INIT;

	if (j->banks && check_trial(j->banks, e) < 0)
		return -1;
	if (image)
		return from_image(r, image, e);
	if (j->banks && from_bank(r, &why) == 0)
		return 0;
	boot_source_close(&j->source);
	memset(&j->source, 0, sizeof(j->source));
	if (from_spare(r, &spare) == 0)
		return 0;
	return err_set(e, ERR_NOT_FOUND,
		       "nobody has the running image %s: %.120s, and there is no good copy in "
		       "memory (%.100s); name a folder with it, as 'make pxe' makes it, by --image",
		       VISOROS_VERSION "-" VISOROS_BUILD, j->banks ? why.text : j->no_banks.text,
		       spare.text);
}

/* Two disks with the same partitions: nobody knows which one is meant to be replaced. */
static int check_medium(const struct install_job *j, struct err *e)
{
	if (!boot_has_medium())
		return err_set(e, ERR_CONFLICT,
			       "this host was not started from a boot medium, so there is none to "
			       "rebuild: 'system boot install' makes one");
	if (j->no_banks.kind == ERR_CONFLICT)
		return err_set(e, ERR_CONFLICT, "%s", j->no_banks.text);
	return 0;
}

static int prepare(struct rebuild *r, json_t *params, struct err *e)
{
	struct install_job *j = &r->job;

	if (job_open(j, e) < 0 || check_medium(j, e) < 0 || look_at_state(r, e) < 0 ||
	    job_target(j, core_string(params, "device"), core_string(params, "serial"), e) < 0 ||
	    open_source(r, core_string(params, "image"), e) < 0 ||
	    boot_source_bundles(&j->source, NULL, 0, e) < 0)
		return -1;
	return job_plan(j, e);
}

/* stated goes on with what is there, and saves what has changed while it was written. */
static void adopt(struct rebuild *r)
{
	json_t *answer = NULL;
	struct err e = ERR_INIT;

	if (!r->stateful)
		return;
	if (state_ask("adopt", json_pack("{s:s}", "device", r->job.device), &answer, &e) == 0)
		r->generation = json_integer_value(json_object_get(answer, "generation"));
	else
		snprintf(r->problem, sizeof(r->problem), "state is not saved there yet: %.280s",
			 e.text);
	json_decref(answer);
}

/* From now on this is the medium of the host; what was found on the old one says nothing of it. */
static int move(const struct install_job *j, struct err *e)
{
	char path[CORE_PATH_MAX], guid[GPT_GUID_TEXT + 1];

	if (core_path(path, e, CORE_RUN, SCRUB_STATUS) < 0)
		return -1;
	unlink(path);
	gpt_guid_text(j->guids.part[MEDIUM_BANK0 + j->bank], guid);
	strcat(guid, "\n");
	if (core_path(path, e, CORE_RUN, BOOT_KNOWN) < 0 || file_make_dirs(path, e) < 0 ||
	    core_path(path, e, CORE_RUN, MEDIUM_MOVED) < 0)
		return -1;
	return file_write_atomic(path, guid, strlen(guid), 0644, e);
}

static int write_disk(struct rebuild *r, struct err *e)
{
	struct install_job *j = &r->job;

	if (job_write(j, e) < 0) {
		core_event(EVENT_DISK_INSTALL_FAILED, EVENT_WITH(EVENT_STR("device", j->device)),
			   "The boot medium could not be rebuilt on %s: what was on it may be lost",
			   j->device);
		return -1;
	}
	adopt(r);
	if (move(j, e) < 0)
		return -1;
	core_event(
		EVENT_MEDIUM_REBUILT,
		EVENT_WITH(EVENT_STR("device", j->device), EVENT_STR("build", j->source.cfg.build)),
		"The boot medium was rebuilt on %s from %s, by request", j->device, r->from);
	return 0;
}

static json_t *pack(const struct rebuild *r, bool dry)
{
	const struct install_job *j = &r->job;
	json_t *a = json_pack("{s:s, s:I, s:s, s:s, s:s, s:i, s:o, s:b, s:b}", "device", j->device,
			      "size", (json_int_t)j->target.io->size, "content", j->content.text,
			      "build", j->source.cfg.build, "from", r->from, "bank", (int)j->bank,
			      "bundles", bundle_image_ids(&j->source.bundles, true), "state",
			      r->stateful, "rebuilt", !dry);

	if (a && j->banks)
		json_object_set_new(a, "remove", json_string(j->banks->medium.disk));
	if (a && r->generation)
		json_object_set_new(a, "generation", json_integer(r->generation));
	if (a && r->problem[0])
		json_object_set_new(a, "problem", json_string(r->problem));
	return a;
}

static int rebuild(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(free_rebuild) struct rebuild *r = calloc(1, sizeof(*r));
	bool dry = json_is_true(json_object_get(params, "dry_run"));

	if (!r)
		return core_nomem(e);
	job_init(&r->job);
	if (prepare(r, params, e) < 0 || (!dry && write_disk(r, e) < 0))
		return -1;
	return core_give(result, pack(r, dry), e);
}

static const struct core_param params[] = {
	{ "device", CORE_PATH, .required = true, .among = "system.boot.disk.list device",
	  .help = "The disk, /dev/NAME: it is overwritten" },
	{ "serial", CORE_STRING, .max = 127,
	  .help = "The disk must have this serial number, or none if it is empty" },
	{ "image", CORE_STRING, .min = 1, .max = 1000,
	  .help = "The folder of the running image, a URL or a path, if nobody else has it" },
	{ "dry_run", CORE_BOOL, .help = "Only say whether it can be done, and from what" },
	{ 0 },
};

const struct core_op core_boot_rebuild_ops[] = {
	{
		.name = "system.boot.rebuild",
		.method = "POST",
		.path = "/system/boot/rebuild",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK,
		.params = params,
		.run = rebuild,
		.help = "Makes the boot medium anew on another disk, from the running host",
	},
	{ 0 },
};
