// SPDX-License-Identifier: Apache-2.0
#include "hook.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/core/internal.h"
#include "userworld/core/limited.h"

static bool brought_by(const struct bundle_record *r, const char *tardisk)
{
	for (size_t i = 0; i < r->n_tardisks; i++)
		if (!strcmp(r->tardisks[i], tardisk))
			return true;
	return false;
}

static int check_origin(const struct bundle_record *r, const char *path, struct err *e)
{
	struct visorfs_provider provider;
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	if (vfs_provider_fd(fd, path, &provider, e) < 0)
		return -1;
	if (provider.flags & VISORFS_FILE_BRANCHED || !brought_by(r, provider.tardisk))
		return err_set(e, ERR_CONFLICT, "%s: is not what the bundle brought", path);
	return 0;
}

static int run(const struct bundle_record *r, const char *hook, const char *file, const char *why,
	       struct err *e)
{
	char path[CORE_PATH_MAX], label[160], name[80], version[90];
	const char *const argv[] = { path, why, NULL };
	const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", name, version,
				    NULL };

	if (!*file)
		return 0;
	snprintf(label, sizeof(label), "bundle %s: %s hook", r->d->name, hook);
	snprintf(name, sizeof(name), "BUNDLE_NAME=%s", r->d->name);
	snprintf(version, sizeof(version), "BUNDLE_VERSION=%s", r->d->version);
	if (core_path(path, e, CORE_ROOT, "/%s", file) < 0)
		return -1;
	if (check_origin(r, path, e) < 0 ||
	    limited_run(label, argv, env, (unsigned int)bundle_hook_timeout(r->d), e) < 0)
		return err_wrap(e, "the %s hook of bundle %s", hook, r->d->name);
	return 0;
}

int bundle_hook_post_install(const struct bundle_record *r, const char *why, struct err *e)
{
	return run(r, "post-install", r->d->hooks.post_install, why, e);
}

int bundle_hook_pre_remove(const struct bundle_record *r, const char *why, struct err *e)
{
	return run(r, "pre-remove", r->d->hooks.pre_remove, why, e);
}
