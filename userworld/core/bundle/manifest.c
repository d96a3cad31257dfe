// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

#include <stdbool.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "tardisk/attest.h"

#define ENFORCED "/sys/module/visorfs/parameters/enforce"

/* A kernel that knows nothing of it enforces nothing. */
static bool is_enforced(void)
{
	_cleanup_free_ char *level = NULL;
	char path[CORE_PATH_MAX];
	size_t len;

	return core_path(path, NULL, CORE_SYSFS, ENFORCED) >= 0 &&
	       file_read(path, sizeof("certified\n"), &level, &len, NULL) == 0 &&
	       strcmp(level, "off\n") != 0;
}

int bundle_manifest_put(const struct bundle *b, const int *files, struct err *e)
{
	const struct bundle_descriptor *d = bundle_descriptor(b);

	for (size_t i = 0; i < d->n_payloads; i++) {
		size_t len;
		const void *frame = bundle_manifest(b, i, &len);

		if (frame && attest_put(files[i], d->payloads[i].name, frame, len, e) < 0)
			return -1;
		if (!frame && is_enforced())
			return err_set(e, ERR_DENIED,
				       "bundle %s is not signed for the kernel, which attaches "
				       "signed tardisks only: its maker has to sign it with "
				       "'bundle sign'",
				       d->name);
	}
	return 0;
}
