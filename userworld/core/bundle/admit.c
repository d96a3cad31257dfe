// SPDX-License-Identifier: Apache-2.0
/* All reasons to refuse a bundle, found before anything changes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "install.h"
#include "plan.h"
#include "refused.h"
#include "solve.h"
#include "cleanup.h"
#include "userworld/core/trust/host_trust.h"
#include "userworld/core/internal.h"
#include "userworld/core/system/maintenance.h"
#include "userworld/core/system/memory.h"
#include "userworld/core/visorfs/residency.h"

/* attached: not only staged, but attached as well. */
static int admit_memory(const struct install *in, bool attached, struct err *e)
{
	_cleanup_free_ const struct bundle_descriptor **list = install_descriptors(in);
	uint64_t total, available;

	if (!list)
		return core_nomem(e);
	if (core_memory(&total, &available, e) < 0)
		return -1;
	if (!attached)
		return bundle_admit_stage(list, in->n, total, available, e);
	return bundle_admit_memory(list, in->n, residency_compressed(), total, available, e);
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
	struct trust *t;
	int rc = 0;

	if (host_gate_get(&gate, &lowest, e) < 0 || host_trust_load(&t, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n && rc == 0; i++) {
		const struct incoming *item = &in->items[i];

		rc = host_trust_admit(t, gate, item->d, item->text, item->text_len, item->signature,
				      item->signature_len, e);
		if (rc < 0)
			install_blame(item, e);
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
			return install_blame(&in->items[i], e);
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

/* What concerns all of them is told of the first. */
static int blame_all(const struct install *in, struct err *e)
{
	if (in->n > 1 && in->items[0].wanted)
		return err_wrap(e, "%s with %zu more", in->items[0].wanted->origin, in->n - 1);
	return in->n ? install_blame(&in->items[0], e) : -1;
}

/* Do they go together, and with what stays? */
static int admit_set(struct install *in, struct err *e)
{
	if (admit_machine(in, e) < 0)
		return -1;
	if (solve(in, e) < 0)
		return blame_all(in, e);
	for (size_t i = 0; i < in->n; i++)
		if (check_others(in, i, e) < 0)
			return install_blame(&in->items[i], e);
	return 0;
}

static int admit_live(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->n; i++)
		if (bundle_admit_live(in->items[i].d, host_in_maintenance(), e) < 0)
			return -1;
	return check_gone(in, e);
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

static int start(struct install *in, struct err *e)
{
	in->gone = calloc(in->set.n + 1, sizeof(*in->gone));
	return in->gone ? admit_signatures(in, e) : core_nomem(e);
}

int install_admit(struct install *in, struct err *e)
{
	if (start(in, e) < 0 || admit_known(in, e) < 0 || admit_set(in, e) < 0 ||
	    admit_live(in, e) < 0 || install_admit_files(in, e) < 0 ||
	    admit_memory(in, true, e) < 0)
		return -1;
	return admit_bank(in, e);
}

int install_admit_elsewhere(struct install *in, struct err *e)
{
	if (start(in, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++)
		if (bundle_admit_type(in->items[i].d, e) < 0)
			return install_blame(&in->items[i], e);
	if (admit_set(in, e) < 0 || install_admit_files(in, e) < 0)
		return -1;
	return admit_memory(in, false, e) < 0 ? blame_all(in, e) : 0;
}
