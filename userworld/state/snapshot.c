// SPDX-License-Identifier: Apache-2.0
#include "userworld/state/snapshot.h"

#include <stdlib.h>
#include <string.h>

void state_file_clear(struct state_file *f)
{
	free(f->path);
	free(f->data);
	memset(f, 0, sizeof(*f));
}

void state_snapshot_free(struct state_snapshot *s)
{
	for (size_t i = 0; i < s->count; i++)
		state_file_clear(&s->list[i]);
	free(s->list);
	memset(s, 0, sizeof(*s));
}

/* Below "/", without empty parts, "." and "..", on one line. */
static bool good_path(const char *path)
{
	if (*path != '/' || strlen(path) >= STATE_PATH_MAX || strchr(path, '\n'))
		return false;
	for (const char *part = path; part; part = strchr(part, '/')) {
		size_t len = strcspn(++part, "/");

		if (len == 0 || (len == 1 && *part == '.') || (len == 2 && !strncmp(part, "..", 2)))
			return false;
	}
	return true;
}

/* Where it is, or would be. */
static size_t place_of(const struct state_snapshot *s, const char *path, bool *there)
{
	size_t low = 0, high = s->count;

	*there = false;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(s->list[mid].path, path);

		if (order == 0) {
			*there = true;
			return mid;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int check(const struct state_snapshot *s, const struct state_file *f, struct err *e)
{
	if (!good_path(f->path))
		return err_set(e, ERR_INVALID, "'%.200s' is not a path below /", f->path);
	if (s->count >= STATE_FILES_MAX)
		return err_set(e, ERR_INVALID, "more than %d state files", STATE_FILES_MAX);
	if (f->size > STATE_FILE_MAX)
		return err_set(e, ERR_INVALID, "%.200s is larger than %u bytes", f->path,
			       STATE_FILE_MAX);
	if (s->bytes + f->size > STATE_TOTAL_MAX)
		return err_set(e, ERR_INVALID, "the state files are larger than %u bytes",
			       STATE_TOTAL_MAX);
	return 0;
}

static int make_room(struct state_snapshot *s, struct err *e)
{
	size_t room = s->room ? s->room * 2 : 32;
	struct state_file *more;

	if (s->count < s->room)
		return 0;
	more = reallocarray(s->list, room, sizeof(*more));
	if (!more)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	s->list = more;
	s->room = room;
	return 0;
}

int state_snapshot_add(struct state_snapshot *s, struct state_file *f, struct err *e)
{
	bool there = false;
	size_t at = 0;
	int rc = f->path && (f->deleted || f->data) ? check(s, f, e)
						    : err_set(e, ERR_NO_SPACE, "out of memory");

	if (rc == 0)
		rc = make_room(s, e);
	if (rc == 0)
		at = place_of(s, f->path, &there);
	if (there)
		rc = err_set(e, ERR_INVALID, "%.200s is there twice", f->path);
	if (rc < 0) {
		state_file_clear(f);
		return -1;
	}
	memmove(&s->list[at + 1], &s->list[at], (s->count - at) * sizeof(*f));
	s->list[at] = *f;
	s->count++;
	s->bytes += f->size;
	memset(f, 0, sizeof(*f));
	return 0;
}

const struct state_file *state_snapshot_find(const struct state_snapshot *s, const char *path)
{
	bool there;
	size_t at = place_of(s, path, &there);

	return there ? &s->list[at] : NULL;
}

int state_snapshot_copy(struct state_snapshot *to, const struct state_snapshot *from, struct err *e)
{
	for (size_t i = 0; i < from->count; i++) {
		struct state_file f = from->list[i];

		f.path = strdup(from->list[i].path);
		f.data = NULL;
		if (!f.deleted && (f.data = malloc(f.size + 1)))
			memcpy(f.data, from->list[i].data, f.size + 1);
		if (state_snapshot_add(to, &f, e) < 0)
			return -1;
	}
	return 0;
}

static bool same_data(const struct state_file *a, const struct state_file *b)
{
	return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

bool state_file_same(const struct state_file *a, const struct state_file *b)
{
	if (a->deleted || b->deleted)
		return a->deleted == b->deleted;
	return a->mode == b->mode && a->uid == b->uid && a->gid == b->gid && same_data(a, b);
}

const char *state_change_word(enum state_change_kind kind)
{
	static const char *const words[] = {
		[STATE_ADDED] = "added",	   [STATE_CHANGED] = "changed",
		[STATE_ATTRIBUTES] = "attributes", [STATE_DELETED] = "deleted",
		[STATE_REVERTED] = "reverted",
	};

	return words[kind];
}

static enum state_change_kind kind_of(const struct state_file *from, const struct state_file *to)
{
	if (!to)
		return STATE_REVERTED;
	if (to->deleted)
		return STATE_DELETED;
	if (!from || from->deleted)
		return STATE_ADDED;
	return same_data(from, to) ? STATE_ATTRIBUTES : STATE_CHANGED;
}

int state_snapshot_diff(const struct state_snapshot *from, const struct state_snapshot *to,
			state_change_fn *fn, void *context, struct err *e)
{
	size_t i = 0, k = 0;

	while (i < from->count || k < to->count) {
		const struct state_file *a = i < from->count ? &from->list[i] : NULL;
		const struct state_file *b = k < to->count ? &to->list[k] : NULL;
		int order = !a ? 1 : !b ? -1 : strcmp(a->path, b->path);

		if (order < 0)
			b = NULL;
		if (order > 0)
			a = NULL;
		i += a != NULL;
		k += b != NULL;
		if (a && b && state_file_same(a, b))
			continue;
		if (fn(context, kind_of(a, b), a, b, e) < 0)
			return -1;
	}
	return 0;
}

static int stop(void *context, enum state_change_kind kind, const struct state_file *from,
		const struct state_file *to, struct err *e)
{
	(void)context, (void)kind, (void)from, (void)to, (void)e;
	return -1;
}

bool state_snapshot_same(const struct state_snapshot *a, const struct state_snapshot *b)
{
	return state_snapshot_diff(a, b, stop, NULL, NULL) == 0;
}
