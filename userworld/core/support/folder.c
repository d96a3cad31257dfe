// SPDX-License-Identifier: Apache-2.0
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "support.h"
#include "userworld/core/internal.h"

static int is_manifest(const struct dirent *d)
{
	size_t len = strlen(d->d_name), suffix = strlen(MANIFEST_SUFFIX);

	return len > suffix && !strcmp(d->d_name + len - suffix, MANIFEST_SUFFIX);
}

/* A manifest that cannot be read is one with a problem, not the end of all. */
static int add(struct folder *f, const char *file, struct err *e)
{
	struct manifest *m = calloc(1, sizeof(*m));
	_cleanup_free_ char *text = NULL;
	struct err problem = ERR_INIT;
	char path[CORE_PATH_MAX], name[NAME_MAX + 1];

	if (!m)
		return core_nomem(e);
	strcpy(name, file);
	name[strlen(name) - strlen(MANIFEST_SUFFIX)] = '\0';
	f->list[f->count] = m;
	if (core_path(path, &problem, CORE_ROOT, SUPPORT_DIR "/%s", file) < 0 ||
	    file_read(path, MANIFEST_FILE_MAX, &text, NULL, &problem) < 0 ||
	    manifest_parse(m, name, text, &problem) < 0) {
		if (manifest_parse(m, name, "", e) < 0)
			return -1;
		f->problems[f->count] = strdup(problem.text);
	}
	f->count++;
	return 0;
}

static int join(const char ***all, const char *const *more, struct err *e)
{
	size_t have = 0, n = 0;
	const char **longer;

	while (*all && (*all)[have])
		have++;
	while (more && more[n])
		n++;
	longer = reallocarray(*all, have + n + 1, sizeof(*longer));
	if (!longer)
		return core_nomem(e);
	memcpy(longer + have, more, n * sizeof(*longer));
	longer[have + n] = NULL;
	*all = longer;
	return 0;
}

int folder_read(struct folder *f, struct err *e)
{
	char path[CORE_PATH_MAX];
	struct dirent **names = NULL;
	int n, rc = 0;

	memset(f, 0, sizeof(*f));
	if (core_path(path, e, CORE_ROOT, SUPPORT_DIR) < 0)
		return -1;
	n = scandir(path, &names, is_manifest, alphasort);
	if (n < 0 && errno != ENOENT)
		return err_sys(e, errno, "%s", path);
	for (int i = 0; i < n; i++) {
		if (rc == 0 && f->count < FOLDER_MAX)
			rc = add(f, names[i]->d_name, e);
		free(names[i]);
	}
	free(names);
	for (size_t i = 0; i < f->count && rc == 0; i++) {
		const struct manifest *m = f->list[i];

		if (m->refuse)
			rc = join(&f->refuse, m->refuse, e);
		if (rc == 0 && m->secret)
			rc = join(&f->secret, m->secret, e);
	}
	return rc;
}

void folder_free(struct folder *f)
{
	for (size_t i = 0; i < FOLDER_MAX && f->list[i]; i++) {
		manifest_free(f->list[i]);
		free(f->list[i]);
		free(f->problems[i]);
	}
	free(f->refuse);
	free(f->secret);
	memset(f, 0, sizeof(*f));
}
