// SPDX-License-Identifier: Apache-2.0
/* The three versions of each state file, and what follows from them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "tardisk/index.h"
#include "tardisk/sha256.h"

struct local_file {
	char *path; /* "/etc/x" */
	struct local_facts facts;
};

struct local_files {
	struct local_file *items;
	size_t n;
	struct visorfs_version *version; /* room for one */
	int root;
};

static void free_files(struct local_files *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i].path);
	free(l->items);
	free(l->version);
	if (l->root >= 0)
		close(l->root);
}

static int open_files(struct local_files *l, struct err *e)
{
	char root[CORE_PATH_MAX];

	l->version = calloc(1, sizeof(*l->version));
	if (!l->version)
		return core_nomem(e);
	if (core_path(root, e, CORE_ROOT, "/") < 0)
		return -1;
	l->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return l->root < 0 ? err_sys(e, errno, "%s", root) : 0;
}

/* The entry of a path, made if it is not there; NULL for lack of memory. */
static struct local_file *file_of(struct local_files *l, const char *path)
{
	struct local_file *items;

	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->items[i].path, path))
			return &l->items[i];
	items = realloc(l->items, (l->n + 1) * sizeof(*items));
	if (!items)
		return NULL;
	l->items = items;
	memset(&items[l->n], 0, sizeof(*items));
	items[l->n].path = strdup(path);
	return items[l->n].path ? &items[l->n++] : NULL;
}

static bool is_state(uint32_t mode)
{
	return S_ISREG(mode) && (mode & S_ISVTX);
}

static int add_all(struct sha256 *sum, int fd, const char *path, struct err *e)
{
	char buf[16384];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno != EINTR)
			return err_sys(e, errno, "%s", path);
		if (n > 0 && sha256_add(sum, buf, (size_t)n, e))
			return -1;
	}
	return 0;
}

/* With read(2): what was shipped cannot be read by offset. */
static int print_fd(int fd, const char *path, struct local_print *p, struct err *e)
{
	struct sha256 sum = SHA256_INIT;
	int rc = sha256_start(&sum, e);

	p->there = true;
	if (!rc)
		rc = add_all(&sum, fd, path, e);
	if (!rc)
		rc = sha256_end(&sum, p->sha256, e);
	sha256_free(&sum);
	return rc ? -1 : 0;
}

static bool is_of(const struct bundle_record *r, const char *tardisk)
{
	for (size_t t = 0; t < r->n_tardisks; t++)
		if (!strcmp(r->tardisks[t], tardisk))
			return true;
	return false;
}

/* What the old version shipped under the path, if it is state. */
static int add_old(struct local_files *l, const struct local_old *old, const char *path,
		   struct err *e)
{
	const struct bundle_record *r = old->record;
	struct visorfs_version *v = l->version;
	_cleanup_close_ int fd = -1;
	struct local_file *file;
	uint32_t i = 0;
	int rc;

	while ((rc = vfs_version(l->root, path, i, false, v, e)) == 1 &&
	       (v->flags & VISORFS_VERSION_RAMDISK || !is_of(r, v->tardisk)))
		i++;
	if (rc != 1 || !is_state(v->mode))
		return rc < 0 ? -1 : 0;
	file = file_of(l, path);
	if (!file)
		return core_nomem(e);
	file->facts.leaves = old->leaves;
	file->facts.old.mode = v->mode;
	file->facts.old.uid = v->uid;
	file->facts.old.gid = v->gid;
	if (vfs_version(l->root, path, i, true, v, e) != 1)
		return -1;
	fd = v->fd;
	return print_fd(fd, path, &file->facts.old, e);
}

static int print_entry(struct tardisk_file *t, const struct tardisk_entry *entry,
		       struct local_print *p, struct err *e)
{
	struct tardisk_cursor cursor = { NULL, 0 };
	struct sha256 sum = SHA256_INIT;
	const unsigned char *data;
	int got = 0, rc;

	p->there = true;
	p->mode = S_IFREG | entry->mode;
	p->uid = entry->uid;
	p->gid = entry->gid;
	rc = sha256_start(&sum, e);
	for (uint64_t at = 0; !rc && at < entry->size; at += (uint64_t)got) {
		got = tardisk_file_data(t, &cursor, entry->data + at, entry->size - at, &data, e);
		rc = got < 0 ? -1 : sha256_add(&sum, data, (size_t)got, e);
	}
	if (!rc)
		rc = sha256_end(&sum, p->sha256, e);
	sha256_free(&sum);
	free(cursor.frame);
	return rc ? -1 : 0;
}

static int add_entries(struct local_files *l, struct tardisk_file *t,
		       const struct tardisk_index *index, struct err *e)
{
	char path[CORE_PATH_MAX];

	for (size_t i = 0; i < index->n; i++) {
		const struct tardisk_entry *entry = &index->entries[i];
		struct local_file *file;

		if (entry->type != TARDISK_FILE || !(entry->mode & S_ISVTX))
			continue;
		snprintf(path, sizeof(path), "/%.*s", (int)entry->path_len, entry->path);
		file = file_of(l, path);
		if (!file)
			return core_nomem(e);
		if (print_entry(t, entry, &file->facts.new, e) < 0)
			return -1;
	}
	return 0;
}

/* What the new version ships; later payloads hide earlier ones. */
static int add_new(struct local_files *l, const struct local_source *s, struct err *e)
{
	for (size_t i = 0; i < s->d->n_payloads; i++) {
		struct tardisk_index index = { NULL, 0 };
		struct tardisk_file t;
		int rc;

		if (tardisk_file_open(&t, s->d->payloads[i].name, s->files[i], e) < 0)
			return -1;
		rc = tardisk_index_load(&t, &index, e);
		if (!rc)
			rc = add_entries(l, &t, &index, e);
		free(index.entries);
		tardisk_file_close(&t);
		if (rc)
			return -1;
	}
	return 0;
}

static int print_here(const char *path, struct local_print *p, struct err *e)
{
	char full[CORE_PATH_MAX];
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (core_path(full, e, CORE_ROOT, "%s", path) < 0)
		return -1;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", full);
	p->mode = st.st_mode;
	p->uid = st.st_uid;
	p->gid = st.st_gid;
	if (!S_ISREG(st.st_mode)) {
		p->there = true; /* is like nothing that was shipped */
		return 0;
	}
	return print_fd(fd, full, p, e);
}

/* What users see. Nothing is changed if it is a tardisk's as it was shipped. */
static int look(struct local_files *l, struct local_file *file, struct err *e)
{
	struct visorfs_version *v = l->version;
	struct local_facts *f = &file->facts;
	int rc = vfs_version(l->root, file->path, 0, false, v, e);

	if (rc != 1)
		return rc;
	f->ramdisk = v->flags & VISORFS_VERSION_RAMDISK;
	f->changed = f->ramdisk || v->flags & VISORFS_VERSION_CHANGED;
	if (!f->changed || v->flags & VISORFS_VERSION_DELETED)
		return 0;
	return print_here(file->path, &f->here, e);
}

static int conclude(struct local_files *l, json_t *plan, struct err *e)
{
	for (size_t i = 0; i < l->n; i++) {
		struct local_file *file = &l->items[i];
		enum local_action action;

		if (look(l, file, e) < 0)
			return -1;
		action = local_decide(&file->facts);
		if (action != LOCAL_NOTHING &&
		    json_array_append_new(plan, json_pack("{s:s, s:s, s:b}", "path", file->path,
							  "action", local_action_name(action),
							  "ramdisk", file->facts.ramdisk)) < 0)
			return core_nomem(e);
	}
	return 0;
}

static int collect_old(struct local_files *l, const struct local_old *old, struct err *e)
{
	const struct bundle_record *r = old->record;
	char path[CORE_PATH_MAX];

	for (size_t k = 0; k < r->d->files.n; k++) {
		snprintf(path, sizeof(path), "/%s", r->d->files.items[k]);
		if (add_old(l, old, path, e) < 0)
			return -1;
	}
	return 0;
}

int bundle_local_plan(const struct local_old *old, size_t n_old, const struct local_source *new,
		      size_t n_new, bool final, json_t **plan, struct err *e)
{
	_cleanup_(free_files) struct local_files l = { .root = -1 };

	*plan = json_array();
	if (!*plan)
		return core_nomem(e);
	if (open_files(&l, e) < 0)
		return -1;
	for (size_t i = 0; i < n_old; i++)
		if (collect_old(&l, &old[i], e) < 0)
			return -1;
	for (size_t i = 0; i < n_new; i++)
		if (add_new(&l, &new[i], e) < 0)
			return -1;
	for (size_t i = 0; i < l.n; i++)
		l.items[i].facts.final = final;
	return conclude(&l, *plan, e);
}
