// SPDX-License-Identifier: Apache-2.0
/* All reasons to refuse a bundle, found before anything changes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "bundle_install.h"
#include "bundle_plan.h"
#include "bundle_refused.h"
#include "bundle_solve.h"
#include "cleanup.h"
#include "host_trust.h"
#include "internal.h"
#include "maintenance.h"
#include "memory.h"
#include "residency.h"
#include "vfsctl.h"

static int admit_memory(const struct install *in, struct err *e)
{
	_cleanup_free_ const struct bundle_descriptor **list = install_descriptors(in);
	uint64_t total, available;

	if (!list)
		return core_nomem(e);
	if (core_memory(&total, &available, e) < 0)
		return -1;
	return bundle_admit_memory(list, in->n, residency_compressed(), total, available, e);
}

/* Files of bundles that have a descriptor were compared by check_others(). */
static bool is_described(const struct bundle_set *set, const char *tardisk)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t t = 0; t < set->items[i].n_tardisks; t++)
			if (!strcmp(set->items[i].tardisks[t], tardisk))
				return true;
	return false;
}

/*
 * A file does not take the place of a folder, nor a folder that of a link or
 * file: "lib/x" would hide the link /lib with all that is reached through it.
 * path begins with the root's prefix of head bytes, '/' included.
 */
static int check_place(const struct bundle_descriptor *d, const char *path, size_t head,
		       struct err *e)
{
	char part[CORE_PATH_MAX];
	struct stat st;

	for (const char *slash = path + head; (slash = strchr(slash, '/')); slash++) {
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		if (lstat(part, &st) == 0 && !S_ISDIR(st.st_mode))
			return err_set(
				e, ERR_CONFLICT,
				"bundle %s has files in /%s, which is no folder on this host",
				d->name, part + head);
	}
	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return err_set(e, ERR_CONFLICT,
			       "bundle %s has the file /%s, which is a folder on this host",
			       d->name, path + head);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Does an installed bundle name the file? */
static bool is_listed(const struct bundle_set *set, const char *file)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct bundle_strings *files = &set->items[i].d->files;

		if (files->n &&
		    bsearch(&file, files->items, files->n, sizeof(*files->items), by_text))
			return true;
	}
	return false;
}

/* A link or device of the image: they cannot be opened to ask visorfs about them. */
static int check_special(const struct install *in, const struct bundle_descriptor *d,
			 const char *path, const char *file, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) < 0 || S_ISREG(st.st_mode) || is_listed(&in->set, file))
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "bundle %s has the file /%s, which is a link or device of this host; "
		       "only an overlay may replace it",
		       d->name, file);
}

/*
 * The image's own tardisks need not have a descriptor, so visorfs is asked who
 * gives a path today.
 */
static int check_file(const struct install *in, const struct bundle_descriptor *d, const char *file,
		      struct err *e)
{
	struct visorfs_provider provider;
	char path[CORE_PATH_MAX];
	_cleanup_close_ int fd = -1;

	if (core_path(path, e, CORE_ROOT, "/%s", file) < 0 ||
	    check_place(d, path, strlen(path) - strlen(file), e) < 0 ||
	    check_special(in, d, path, file, e) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || vfs_provider_fd(fd, path, &provider, NULL) < 0)
		return 0;
	if (!provider.tardisk[0] || is_described(&in->set, provider.tardisk))
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "bundle %s has the file /%s, which belongs to tardisk %s; "
		       "only an overlay may replace it",
		       d->name, file, provider.tardisk);
}

static int check_files(const struct install *in, const struct bundle_descriptor *d, struct err *e)
{
	if (d->overlay)
		return 0;
	for (size_t i = 0; i < d->files.n; i++)
		if (check_file(in, d, d->files.items[i], e) < 0)
			return -1;
	return 0;
}

static int check_gone(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->set.n; i++) {
		if (!in->gone[i])
			continue;
		if (bundle_admit_live_remove(in->set.items[i].d, host_in_maintenance(), e) < 0)
			return -1;
	}
	return 0;
}

const struct bundle_descriptor **install_descriptors(const struct install *in)
{
	const struct bundle_descriptor **list = calloc(in->n + 1, sizeof(*list));

	for (size_t i = 0; list && i < in->n; i++)
		list[i] = in->items[i].d;
	return list;
}

/* What others depend on comes first. Each is in the order, as each was asked for. */
static int sort_items(struct install *in, const struct solve_result *result, struct err *e)
{
	struct incoming *sorted = calloc(in->n + 1, sizeof(*sorted));

	if (!sorted)
		return core_nomem(e);
	for (size_t i = 0; i < result->n_order; i++)
		sorted[i] = in->items[result->order[i]];
	free(in->items);
	in->items = sorted;
	return 0;
}

/* Sets in->gone and sorts in->items. */
static int solve(struct install *in, struct err *e)
{
	_cleanup_free_ const struct bundle_descriptor **offered = install_descriptors(in);
	_cleanup_free_ bool *all = calloc(in->n + 1, sizeof(*all));
	const struct solve_request request = {
		.installed = in->set.descriptors,
		.n_installed = in->set.n,
		.fixed = in->set.fixed,
		.offered = offered,
		.n_offered = in->n,
		.install = all,
		.remove = in->remove,
	};
	struct solve_result result;
	int rc;

	if (!offered || !all)
		return core_nomem(e);
	memset(all, true, in->n * sizeof(*all));
	if (bundle_solve(&request, &result, e) < 0)
		return -1;
	memcpy(in->gone, result.gone, in->set.n * sizeof(*in->gone));
	rc = sort_items(in, &result, e);
	solve_result_free(&result);
	return rc;
}

/* Files of those that stay, and of the others that come. */
static int check_others(const struct install *in, size_t which, struct err *e)
{
	const struct bundle_descriptor *d = in->items[which].d;

	for (size_t i = 0; i < in->set.n; i++)
		if (!in->gone[i] && bundle_check_files(d, in->set.descriptors[i], e) < 0)
			return -1;
	for (size_t i = 0; i < which; i++)
		if (bundle_check_files(d, in->items[i].d, e) < 0)
			return -1;
	return 0;
}

/* First of all: nothing that is not trusted decides on anything else. */
static int admit_signatures(const struct install *in, struct err *e)
{
	enum trust_level gate, lowest;
	struct trust_signature s;
	struct trust *t;
	int rc = 0;

	if (host_gate_get(&gate, &lowest, e) < 0 || host_trust_load(&t, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n && rc == 0; i++) {
		const struct incoming *item = &in->items[i];

		rc = host_trust_check(t, gate, item->d, item->text, item->text_len, item->signature,
				      item->signature_len, &s, e);
	}
	trust_free(t);
	return rc;
}

static int admit_machine(const struct install *in, struct err *e)
{
	struct utsname host;

	if (uname(&host) < 0)
		return err_sys(e, errno, "uname");
	for (size_t i = 0; i < in->n; i++)
		if (bundle_admit_machine(in->items[i].d, host.machine, e) < 0)
			return -1;
	return 0;
}

/* What failed here before is taken only if somebody insists. */
static int admit_known(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->n && !in->force; i++)
		if (bundle_refused_check(in->items[i].d, e) < 0)
			return -1;
	return 0;
}

static int admit_one(const struct install *in, size_t which, struct err *e)
{
	const struct bundle_descriptor *d = in->items[which].d;

	return check_others(in, which, e) < 0 ? -1 : bundle_admit_live(d, host_in_maintenance(), e);
}

/* Must there be room for it on the boot medium? All that there will be, but the image's own. */
static int admit_bank(struct install *in, struct err *e)
{
	_cleanup_free_ const struct bundle_descriptor **list =
		calloc(in->n + in->set.n + 1, sizeof(*list));
	size_t n = 0;

	if (!list)
		return core_nomem(e);
	for (size_t i = 0; i < in->n; i++)
		list[n++] = in->items[i].d;
	for (size_t i = 0; i < in->set.n; i++)
		if (!in->gone[i] && !in->set.fixed[i])
			list[n++] = in->set.descriptors[i];
	return bundle_bank_admit(list, n, &in->kept, e);
}

int install_admit(struct install *in, struct err *e)
{
	in->gone = calloc(in->set.n + 1, sizeof(*in->gone));
	if (!in->gone)
		return core_nomem(e);
	if (admit_signatures(in, e) < 0 || admit_known(in, e) < 0 || admit_machine(in, e) < 0 ||
	    solve(in, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++)
		if (admit_one(in, i, e) < 0)
			return -1;
	if (check_gone(in, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++)
		if (check_files(in, in->items[i].d, e) < 0)
			return -1;
	return admit_memory(in, e) < 0 ? -1 : admit_bank(in, e);
}
