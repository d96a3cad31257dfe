// SPDX-License-Identifier: Apache-2.0
/* The file of accounts. */
#include "store.h"

#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"

/* As it was last read: each request with a token looks at it. */
static struct {
	struct timespec changed;
	ino_t inode;
	json_t *all;
} last;

static int read_file(json_t **all, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_text(path, CORE_ROOT, ACCOUNTS_FILE, ACCOUNTS_TEXT_MAX, &text, e) < 0)
		return -1;
	return accounts_parse(text, path, all, e);
}

int accounts_read(json_t **all, struct err *e)
{
	char path[CORE_PATH_MAX];
	struct stat st = { 0 };

	if (core_path(path, e, CORE_ROOT, ACCOUNTS_FILE) < 0)
		return -1;
	/* Each change makes a new file. It is looked at before it is read: at worst it is read
	 * once more. */
	if (stat(path, &st) < 0 || !last.all || st.st_ino != last.inode ||
	    memcmp(&st.st_ctim, &last.changed, sizeof(last.changed)) != 0) {
		json_decref(last.all);
		last.all = NULL;
		if (read_file(&last.all, e) < 0)
			return -1;
		last.changed = st.st_ctim;
		last.inode = st.st_ino;
	}
	*all = json_incref(last.all);
	return 0;
}

int accounts_open(json_t **all, struct err *e)
{
	_cleanup_close_ int lock = core_lock("/run/visoros/accounts.lock", e);

	if (lock < 0 || read_file(all, e) < 0)
		return -1;
	return steal_fd(&lock);
}

int accounts_save(const json_t *all, struct err *e)
{
	char path[CORE_PATH_MAX], dir[CORE_PATH_MAX];
	char *text = json_dumps(all, JSON_INDENT(1) | JSON_SORT_KEYS);
	int rc = -1;

	if (!text)
		return core_nomem(e);
	if (core_path(path, e, CORE_ROOT, ACCOUNTS_FILE) == 0) {
		memcpy(dir, path, sizeof(dir));
		/* Sticky: visorfs keeps the file as state. */
		if (file_make_dirs(dirname(dir), e) == 0)
			rc = file_write_atomic(path, text, strlen(text), 01600, e);
	}
	explicit_bzero(text, strlen(text));
	free(text);
	return rc;
}

int accounts_revoke(const char *part, const char *name, const char *what,
		    char user[static ACCOUNT_USER + 1], struct err *e)
{
	_cleanup_close_ int lock = -1;
	json_t *all = NULL, *entry;
	int rc = -1;

	lock = accounts_open(&all, e);
	if (lock >= 0) {
		entry = json_object_get(accounts_part(all, part), name);
		snprintf(user, ACCOUNT_USER + 1, "%s",
			 json_string_value(json_object_get(entry, "user")) ?: "");
		if (accounts_drop(all, part, name, what, e) == 0)
			rc = accounts_save(all, e);
	}
	json_decref(all);
	return rc;
}
