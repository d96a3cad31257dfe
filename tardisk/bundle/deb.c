// SPDX-License-Identifier: Apache-2.0
#include "deb.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"

extern char **environ;

/* Beside this program, in the source tree it was built in, or wherever PATH leads. */
static const char *find_deb2dir(char path[static PATH_MAX])
{
	static const char *const places[] = { "deb2dir", "../../tardisk/deb2dir" };
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 32);
	char *name;

	if (n < 0)
		return "deb2dir";
	path[n] = '\0';
	name = strrchr(path, '/') + 1;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		strcpy(name, places[i]);
		if (access(path, X_OK) == 0)
			return path;
	}
	return "deb2dir";
}

static int run(char **argv, struct err *e)
{
	int status, rc;
	pid_t pid;

	rc = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (rc)
		return err_sys(e, rc, "%s", argv[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(e, errno, "%s", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return err_set(e, ERR_SYSTEM, "deb2dir failed, see above");
}

static int run_deb2dir(const struct deb *d, const char *base, char *const *packages, struct err *e)
{
	_cleanup_free_ char **argv = NULL;
	char path[PATH_MAX];
	size_t n = 0, k = 0;

	while (packages[n])
		n++;
	argv = calloc(n + 9, sizeof(*argv));
	if (!argv)
		return err_sys(e, ENOMEM, "deb2dir");
	argv[k++] = (char *)find_deb2dir(path);
	argv[k++] = "--out";
	argv[k++] = d->files;
	argv[k++] = "--descriptor";
	argv[k++] = d->descriptor;
	if (base) {
		argv[k++] = "--base";
		argv[k++] = (char *)base;
	}
	memcpy(argv + k, packages, n * sizeof(*argv));
	return run(argv, e);
}

int deb_unpack(struct deb *d, const char *base, char *const *packages, struct err *e)
{
	const char *tmp = getenv("TMPDIR");

	memset(d, 0, sizeof(*d));
	if (asprintf(&d->folder, "%s/bundle.XXXXXX", tmp && *tmp ? tmp : "/tmp") < 0) {
		d->folder = NULL;
		return err_sys(e, ENOMEM, "deb2dir");
	}
	if (!mkdtemp(d->folder)) {
		err_sys(e, errno, "%s", d->folder);
		free(d->folder);
		d->folder = NULL;
		return -1;
	}
	if (asprintf(&d->files, "%s/files", d->folder) < 0)
		d->files = NULL;
	if (asprintf(&d->descriptor, "%s/descriptor.json", d->folder) < 0)
		d->descriptor = NULL;
	if (!d->files || !d->descriptor)
		return err_sys(e, ENOMEM, "deb2dir");
	return run_deb2dir(d, base, packages, e);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void deb_free(struct deb *d)
{
	if (d->folder)
		nftw(d->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(d->folder);
	free(d->files);
	free(d->descriptor);
	memset(d, 0, sizeof(*d));
}
