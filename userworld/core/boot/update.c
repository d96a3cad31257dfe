// SPDX-License-Identifier: Apache-2.0
/* system.boot.update: a new image into the bank that does not run, as a stream. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "boot.h"
#include "userworld/core/bundle/install.h"
#include "userworld/core/bundle/plan.h"
#include "userworld/core/bundle/pool.h"
#include "userworld/core/bundle/source.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/core/trust/host_trust.h"
#include "image_write.h"
#include "known.h"
#include "userworld/core/internal.h"
#include "userworld/bank/write.h"
#include "version.h"

struct update {
	struct banks *banks;
	unsigned int target; /* bank */
	struct bundle_source *source;
	bool touched; /* the bank was changed */
	struct bundle *bundle;
	const struct bundle_descriptor *d;
	struct image_plan plan;
	struct bundle_image bundles; /* that go along */
	struct image_facts facts;
	struct trial trial; /* of the image that failed */
};

/* Nothing that is not trusted decides on anything else. */
static int check_signature(const struct update *u, struct err *e)
{
	size_t text_len, signature_len;
	const char *text = bundle_descriptor_text(u->bundle, &text_len);
	const void *signature = bundle_signature(u->bundle, &signature_len);
	enum trust_level gate, lowest;
	struct trust *t;
	int rc;

	if (host_gate_get(&gate, &lowest, e) < 0 || host_trust_load(&t, e) < 0)
		return -1;
	rc = host_trust_admit(t, gate, u->d, text, text_len, signature, signature_len, e);
	trust_free(t);
	return rc;
}

static int check_machine(const struct update *u, struct err *e)
{
	struct utsname host;

	if (uname(&host) < 0)
		return err_sys(e, errno, "uname");
	return bundle_admit_machine(u->d, host.machine, e);
}

static int gather(struct update *u, bool force, struct err *e)
{
	int failed = boot_failure(u->banks, &u->trial, e);

	if (failed < 0)
		return -1;
	u->facts = (struct image_facts){
		.views = u->banks->view,
		.running = u->banks->medium.bank,
		.version = VISOROS_VERSION,
		.failed = failed ? u->trial.build : NULL,
		.reason = failed ? boot_failure_reason(&u->trial) : NULL,
		.force = force,
	};
	return 0;
}

/* Those that were installed here and go with the new image come along. */
static int take_bundles(struct update *u, struct err *e)
{
	if (bundle_image_load(&u->bundles, e) < 0)
		return -1;
	bundle_image_choose(&u->bundles, u->d);
	if (bundle_image_measure(&u->bundles, e) < 0)
		return -1;
	return image_plan_bundles(&u->plan, u->bundles.size, u->bundles.sha256, e);
}

static int check_space(const struct update *u, const struct blkio *io, struct err *e)
{
	struct err own = ERR_INIT;

	if (bank_write_fits(io->size, io->sector, &u->plan.cfg, u->plan.sizes, &own) == 0)
		return 0;
	return err_set(e, own.kind, "%s%s", own.text,
		       own.kind == ERR_NO_SPACE ? "; 'system boot bank grow' makes a bank larger, "
						  "if the disk has room"
						: "");
}

/* All reasons to refuse it, before anything changes. */
static int admit(struct update *u, bool force, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = NULL;

	if (check_signature(u, e) < 0 || check_machine(u, e) < 0 ||
	    image_plan(u->d, bank_next_updated(u->banks->view), &u->plan, e) < 0 ||
	    gather(u, force, e) < 0 || image_admit(u->d, &u->facts, e) < 0 ||
	    take_bundles(u, e) < 0)
		return -1;
	io = banks_open(u->banks, u->target, false, e);
	if (!io || check_space(u, io, e) < 0)
		return -1;
	/* What the host goes back to if the new image fails must be whole. */
	return boot_check_files(u->banks, u->facts.running, e);
}

static int write_bank(struct update *u, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = banks_open(u->banks, u->target, true, e);

	if (!io)
		return -1;
	if (u->banks->bank[u->target].there)
		boot_note(u->banks, u->target, TRIAL_GIVEN_UP,
			  "another image was being written over it");
	boot_known_forget(u->banks->medium.part[MEDIUM_BANK0 + u->target].guid);
	if (image_write(u->bundle, io, &u->plan, &u->bundles, &u->touched, e) == 0) {
		core_event(EVENT_IMAGE_WRITTEN,
			   EVENT_WITH(EVENT_NUM("bank", u->target),
				      EVENT_STR("build", u->plan.cfg.build)),
			   "Image %s was written to bank %u; it is tried next", u->plan.cfg.build,
			   u->target);
		return 0;
	}
	bundle_source_explain(u->source, e);
	if (!u->touched)
		return -1;
	core_event(EVENT_IMAGE_FAILED,
		   EVENT_WITH(EVENT_NUM("bank", u->target), EVENT_STR("build", u->plan.cfg.build)),
		   "Image %s was not written to bank %u, which is invalid now", u->plan.cfg.build,
		   u->target);
	return err_wrap(e, "bank %u is not complete, and invalid", u->target);
}

static json_t *pack(const struct update *u, bool dry_run)
{
	const struct bank *old = &u->banks->bank[u->target];
	bool failed = image_has_failed(u->d, &u->facts);

	return json_pack(
		"{s:s, s:i, s:s, s:s, s:I, s:I, s:s, s:s, s:b, s:s?, s:b, s:o, s:o}", "message",
		dry_run ? "Dry run: nothing was changed."
			: "The image was written and verified; it is tried at the next "
			  "start.",
		"bank", (int)u->target, "build", u->plan.cfg.build, "version", u->d->version,
		"size", (json_int_t)u->plan.bytes, "bank_size", (json_int_t)old->size, "replaces",
		old->there ? old->cfg.build : "", "replaces_state",
		old->there	  ? bank_state_name(old->cfg.state)
		: old->why_not[0] ? "damaged"
				  : "empty",
		"older", image_is_older(u->d, &u->facts), "failed_before",
		failed ? u->facts.reason : NULL, "reboot_required", !dry_run, "bundles",
		bundle_image_ids(&u->bundles, true), "bundles_left",
		bundle_image_ids(&u->bundles, false));
}

static int update_from(struct update *u, json_t *params, json_t **result, struct err *e)
{
	bool dry_run = json_is_true(json_object_get(params, "dry_run"));
	bool force = json_is_true(json_object_get(params, "force"));
	int rc;

	if (bundle_source_read(u->source, &u->bundle, e) < 0) {
		bundle_source_explain(u->source, e);
		return -1;
	}
	u->d = bundle_descriptor(u->bundle);
	rc = admit(u, force, e);
	if (rc == 0 && !dry_run)
		rc = write_bank(u, e);
	if (rc == 0)
		rc = core_give(result, pack(u, dry_run), e);
	bundle_close(u->bundle);
	return rc;
}

static int update(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct update *u = calloc(1, sizeof(*u));
	_cleanup_free_ struct banks *banks = NULL;
	_cleanup_close_ int bundles = -1, lock = -1;
	struct bundle_source source;
	struct bundle_kept kept;
	int pool, rc;

	if (!u)
		return core_nomem(e);
	bundles = bundle_image_lock(e);
	if (bundles < 0 || boot_look_locked(&banks, &lock, e) < 0 ||
	    bundle_source_open(&source, core_string(params, "path"), core_string(params, "url"), -1,
			       e) < 0)
		return -1;
	u->source = &source;
	u->banks = banks;
	u->target = 1 - banks->medium.bank;
	pool = bundle_pool_enter();
	rc = update_from(u, params, result, e);
	bundle_image_free(&u->bundles);
	/* They may have been in the bank that is invalid now. */
	close(steal_fd(&lock));
	if (rc < 0 && u->touched)
		bundle_bank_keep(&kept);
	bundle_pool_leave(pool);
	bundle_source_close(&source);
	return rc;
}

static const struct core_param update_params[] = {
	{ "path", CORE_PATH, .min = 2, .max = 1024, .help = "Image bundle on the host" },
	{ "url", CORE_STRING, .min = 8, .max = 2048, .help = "Or its http or https address" },
	{ "force", CORE_BOOL, .help = "Although it is older, or failed here before" },
	{ "dry_run", CORE_BOOL, .help = "Only say what would be done" },
	{ 0 },
};

const struct core_op core_boot_update_ops[] = {
	{
		.name = "system.boot.update",
		.method = "POST",
		.path = "/system/boot/update",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK | CORE_CANCEL,
		.params = update_params,
		.run = update,
		.help = "Writes a new image to the bank that does not run",
	},
	{ 0 },
};
