// SPDX-License-Identifier: Apache-2.0
/* From facts to warnings. */
#include "dcui/warnings.h"
#include "dcui/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct list {
	struct warning *out;
	size_t count;
};

static void add(struct list *l, bool notice, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void add(struct list *l, bool notice, const char *fmt, ...)
{
	struct warning *w;
	va_list ap;

	if (l->count == WARNINGS_MAX)
		return;
	w = &l->out[l->count++];
	w->notice = notice;
	va_start(ap, fmt);
	vsnprintf(w->text, sizeof(w->text), fmt, ap);
	va_end(ap);
}

static bool is_broken(const struct service *s)
{
	return !strcmp(s->state, "failed") || !strcmp(s->state, "backoff");
}

static void services(struct list *l, const struct facts *f)
{
	const struct service *hostd = facts_service(f, "hostd");

	if (f->hostd_answers == NO)
		add(l, false, "hostd does not answer%s%s%s. Restart it here: <F2>.",
		    hostd ? " (" : "", hostd ? hostd->state : "", hostd ? ")" : "");
	for (size_t i = 0; i < f->service_count; i++) {
		const struct service *s = &f->services[i];

		if (is_broken(s) && (s != hostd || f->hostd_answers != NO))
			add(l, false, "%s: %s after %u restart%s.", s->name, s->state, s->restarts,
			    s->restarts == 1 ? "" : "s");
	}
}

static void ramdisks(struct list *l, const struct facts *f)
{
	char used[32], max[32];

	for (size_t i = 0; i < f->ramdisk_count; i++) {
		const struct ramdisk *r = &f->ramdisks[i];

		if (facts_percent(r->used, r->max) >= WARNING_RAMDISK_PERCENT)
			add(l, false, "Ramdisk %s (%s) is %u %% full: %s of %s.", r->name, r->path,
			    facts_percent(r->used, r->max), text_size(r->used, used, sizeof(used)),
			    text_size(r->max, max, sizeof(max)));
		if (facts_percent(r->used_inodes, r->max_inodes) >= WARNING_RAMDISK_PERCENT)
			add(l, false, "Ramdisk %s (%s) holds %llu of at most %llu files.", r->name,
			    r->path, (unsigned long long)r->used_inodes,
			    (unsigned long long)r->max_inodes);
	}
}

static void state(struct list *l, const struct facts *f)
{
	const char *mode = f->state.mode;

	if (!strcmp(mode, "gone"))
		add(l, false, "The boot medium is gone: changes wait in memory until it is back.");
	else if (!strcmp(mode, "refused") || !strcmp(mode, "failed"))
		add(l, false, "State is not saved: %s", f->state.why);
	else if (!strcmp(mode, "reset"))
		add(l, true, "The state was reset: restart the host for factory settings.");
	else if (!strcmp(mode, "stateless") && !f->state.on_purpose)
		add(l, true, "Stateless: changes are lost with the next start.");
	if (f->state.trial)
		add(l, true, "Changes are on trial: they are taken back unless confirmed.");
}

static void boot(struct list *l, const struct facts *f)
{
	if (!strcmp(f->boot_medium, "lost") && strcmp(f->state.mode, "gone"))
		add(l, false, "The boot medium is not there. Plug it in again.");
	if (!strcmp(f->boot_medium, "copied"))
		add(l, false, "Two disks hold the same boot medium. Unplug the copy.");
	if (f->failed_build[0]) {
		add(l, false, "Build %.40s failed, this is the one before it: %s.", f->failed_build,
		    f->failed_reason);
		add(l, true, "The log of the failed start: <F2>, View System Logs, <4>.");
	}
}

/* Alarms of these are told here as they are now, which also works without the store of events. */
static bool is_told(const char *alarm)
{
	static const char *const told[] = { "ramdisk", "ramdisk-files", "service",
					    "medium",  "state",		"bank" };
	size_t len = strcspn(alarm, ":");

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (strlen(told[i]) == len && !strncmp(told[i], alarm, len))
			return true;
	return false;
}

static void alarms(struct list *l, const struct facts *f, bool notice)
{
	for (size_t i = 0; i < f->alarm_count; i++) {
		const struct alarm *a = &f->alarms[i];

		if (a->notice == notice && !a->seen && !is_told(a->name))
			add(l, notice, "%s.", a->text);
	}
}

static bool has_address(const struct facts *f)
{
	for (size_t i = 0; i < f->nic_count; i++)
		if (f->nics[i].address[0])
			return true;
	return false;
}

size_t warnings_of(const struct facts *f, struct warning out[static WARNINGS_MAX])
{
	struct list l = { out, 0 };

	if (!f->loaded)
		return 0;
	services(&l, f);
	ramdisks(&l, f);
	state(&l, f);
	boot(&l, f);
	alarms(&l, f, false);
	if (f->nic_count == 0)
		add(&l, false, "No network adapter was found.");
	else if (!has_address(f))
		add(&l, false, "No network address. <F2>, Network shows the adapters.");
	if (!strcmp(f->acceptance, "unsigned"))
		add(&l, false, "Signatures are not enforced: unsigned bundles are taken.");
	if (f->password_set == NO)
		add(&l, false, "The password of root is not set. Press <F2> to set it.");
	for (size_t i = 0; i < f->error_count; i++)
		add(&l, false, "%s", f->error[i].text);
	alarms(&l, f, true);
	if (!strcmp(f->boot_state, "dirty") || !strcmp(f->boot_state, "upgrading"))
		add(&l, true, "This build is on trial: it is confirmed when the host stays well.");
	if (f->development)
		add(&l, true, "Development image: not for production.");
	return l.count;
}
