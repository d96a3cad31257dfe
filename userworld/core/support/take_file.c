// SPDX-License-Identifier: Apache-2.0
/*
 * Files. Their size without secrets has to be known before the first byte is written, so each is
 * read twice. What has no size, as in /proc, is read once and spooled.
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fts.h>
#include <glob.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "cleanup.h"
#include "secrets.h"
#include "take.h"
#include "userworld/core/internal.h"

#define DEPTH_MAX 8
#define FILES_MAX 1000 /* of one pattern */
#define SCAN_MAX                                                                                 \
	(UINT64_C(32) << 20) /* bytes that are looked at, so that keys are seen from their start \
			      */
#define PIECE 4096

/* A file on its way: what pass one has found, and what pass two puts. */
struct copy {
	struct taking *t;
	const char *name; /* in the bundle: without the prefix of a test */
	int fd;
	struct stat st;
	uint64_t max;
	bool tail;
	uint64_t total; /* bytes without secrets */
	uint64_t skip, left;
	struct err *e;
};

static bool matches(const char *const *patterns, const char *path)
{
	for (; patterns && *patterns; patterns++)
		if (fnmatch(*patterns, path, 0) == 0)
			return true;
	return false;
}

static bool refused(const struct taking *t, const char *path)
{
	return matches(secret_paths, path) || matches(t->refuse, path);
}

/* Where the open file really is, without the prefix; a link must not lead to a secret. */
static bool leads_to_secret(const struct taking *t, int fd)
{
	const char *root = core_prefix(CORE_ROOT);
	char link[64], path[CORE_PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return true;
	path[len] = '\0';
	return refused(t, path) ||
	       (!strncmp(path, root, strlen(root)) && refused(t, path + strlen(root)));
}

static bool is_text(int fd)
{
	char data[PIECE];
	ssize_t len = pread(fd, data, sizeof(data), 0);

	return len < 0 || !memchr(data, '\0', (size_t)len);
}

static int count(void *context, const char *text, size_t len)
{
	struct copy *c = context;

	(void)text;
	c->total += len;
	return !c->tail && c->total > c->max ? 1 : 0;
}

static int put(void *context, const char *text, size_t len)
{
	struct copy *c = context;
	size_t skip = len < c->skip ? len : (size_t)c->skip;
	size_t n = len - skip < c->left ? len - skip : (size_t)c->left;

	c->skip -= skip;
	c->left -= n;
	if (n && tgz_data(c->t->tgz, text + skip, n, c->e) < 0)
		return -1;
	return c->left ? 0 : 1;
}

/* The same bytes each time, whatever is added to the file meanwhile. 1: the sink had enough. */
static int pass(struct copy *c, redact_sink *sink)
{
	uint64_t size = (uint64_t)c->st.st_size;
	uint64_t at = c->tail && size > SCAN_MAX ? size - SCAN_MAX : 0;
	char data[PIECE];
	int rc = 0;

	redact_init(&c->t->redact, c->t->words, sink, c);
	while (at < size && rc == 0) {
		size_t want = size - at < PIECE ? (size_t)(size - at) : PIECE;
		ssize_t len = pread(c->fd, data, want, (off_t)at);

		if (len < 0 && errno == EINTR)
			continue;
		if (len <= 0)
			break;
		rc = redact_feed(&c->t->redact, data, (size_t)len);
		at += (uint64_t)len;
	}
	return rc ? rc : redact_end(&c->t->redact);
}

static int take_twice(struct copy *c)
{
	uint64_t bytes;

	pass(c, count);
	bytes = c->total < c->max ? c->total : c->max;
	c->skip = c->tail ? c->total - bytes : 0;
	c->left = bytes;
	if (tgz_begin(c->t->tgz, c->name, bytes, c->st.st_mtime, c->e) < 0)
		return -1;
	if (bytes && pass(c, put) < 0)
		return -1;
	index_add(&c->t->index, c->total > bytes ? INDEX_CUT : INDEX_TAKEN, bytes,
		  c->t->redact.removed, c->name, c->left ? "it was changed while it was read" : "");
	return 0;
}

static int take_once(struct copy *c)
{
	struct err written = ERR_INIT;
	struct take_spool s;
	char data[PIECE];
	ssize_t len = 0;
	int rc, end;

	if (take_spool_begin(&s, c->t, c->name, c->max, &written) < 0)
		return *c->e = written, -1;
	for (rc = 0; rc == 0 && (len = read(c->fd, data, sizeof(data))) > 0;)
		rc = take_spool_feed(&s, data, (size_t)len);
	end = rc < 0 ? -1 : take_spool_end(&s, rc == 0);
	if (end < 0)
		return *c->e = written, -1;
	index_add(&c->t->index,
		  rc || end ? INDEX_CUT
		  : len < 0 ? INDEX_FAILED
			    : INDEX_TAKEN,
		  s.put, c->t->redact.removed, c->name,
		  len < 0 ? "not all of it could be read" : "");
	return 0;
}

/* The kernel makes these when they are read, and their size says nothing. */
static bool is_made_up(int fd, const struct stat *st)
{
	struct statfs fs;

	return st->st_size == 0 || (fstatfs(fd, &fs) == 0 &&
				    (fs.f_type == SYSFS_MAGIC || fs.f_type == CGROUP2_SUPER_MAGIC));
}

static int refuse(struct taking *t, const char *name, const char *why)
{
	index_add(&t->index, INDEX_REFUSED, 0, 0, name, why);
	return 0;
}

static int take_file(struct taking *t, const struct manifest_entry *n, const char *path,
		     struct err *e)
{
	struct copy c = {
		.t = t, .name = path + strlen(core_prefix(CORE_ROOT)), .tail = n->tail, .e = e
	};
	_cleanup_close_ int fd = -1;

	c.max = take_room(t, c.name, n->max);
	if (!c.max)
		return 0;
	if (refused(t, c.name))
		return refuse(t, c.name, "it is a secret");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &c.st) < 0) {
		index_add(&t->index, INDEX_FAILED, 0, 0, c.name, strerror(errno));
		return 0;
	}
	c.fd = fd;
	if (!S_ISREG(c.st.st_mode))
		return refuse(t, c.name, "it is no regular file");
	if (leads_to_secret(t, fd))
		return refuse(t, c.name, "it leads to a secret");
	if (is_made_up(fd, &c.st))
		return take_once(&c);
	/* Secrets are looked for in text; what is something else may have any. */
	return is_text(fd) ? take_twice(&c) : refuse(t, c.name, "it is not text");
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Links below a folder are not followed. */
static int take_tree(struct taking *t, const struct manifest_entry *n, char **roots, struct err *e)
{
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR | FTS_XDEV, by_name);
	size_t prefix = strlen(core_prefix(CORE_ROOT));
	unsigned int files = 0;
	FTSENT *at;
	int rc = 0;

	if (!tree)
		return err_sys(e, errno, "reading folders");
	while (rc == 0 && (at = fts_read(tree))) {
		if (at->fts_info == FTS_D && at->fts_level > DEPTH_MAX)
			fts_set(tree, at, FTS_SKIP);
		if (at->fts_info == FTS_DNR || at->fts_info == FTS_ERR || at->fts_info == FTS_NS)
			index_add(&t->index, INDEX_FAILED, 0, 0, at->fts_path + prefix,
				  strerror(at->fts_errno));
		if (at->fts_info != FTS_F && at->fts_info != FTS_DEFAULT)
			continue;
		if (files++ == FILES_MAX) {
			index_add(&t->index, INDEX_LEFT_OUT, 0, 0, at->fts_path + prefix,
				  "it and what follows: too many files");
			break;
		}
		rc = take_file(t, n, at->fts_path, e);
	}
	fts_close(tree);
	return rc;
}

int take_copy(struct taking *t, const struct manifest_entry *n, struct err *e)
{
	for (const char **word = n->words; *word; word++) {
		char pattern[CORE_PATH_MAX];
		glob_t found = { 0 };
		int rc;

		if (core_path(pattern, e, CORE_ROOT, "%s", *word) < 0)
			return -1;
		if (glob(pattern, 0, NULL, &found) != 0) {
			index_add(&t->index, INDEX_MISSING, 0, 0, *word, "");
			continue;
		}
		rc = take_tree(t, n, found.gl_pathv, e);
		globfree(&found);
		if (rc < 0)
			return -1;
	}
	return 0;
}
