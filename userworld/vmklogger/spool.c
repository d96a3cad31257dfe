// SPDX-License-Identifier: Apache-2.0
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "userworld/lib/cleanup.h"

#define FILE_BYTES ((off_t)((SPOOL_SLOTS + 1) * sizeof(struct spool_slot)))

_Static_assert(sizeof(struct spool_slot) == 1024, "a slot is a part of a page");
_Static_assert(EVENT_LINE_MAX <= sizeof(((struct spool_slot *)0)->line), "a line fits");

/* Slot 0 is the head: the number before the first event of this file. */
static off_t place_of(uint64_t number)
{
	return (off_t)((1 + number % SPOOL_SLOTS) * sizeof(struct spool_slot));
}

static bool whole(const struct spool_slot *slot)
{
	return slot->number && slot->number == slot->again;
}

/* Writing each page takes the memory of the file once and for all. */
static int make(struct spool *s)
{
	static const struct spool_slot empty;
	struct spool_slot head = { .uptime = uptime_now() };

	for (off_t at = 0; at < FILE_BYTES; at += (off_t)sizeof(empty))
		if (pwrite(s->fd, &empty, sizeof(empty), at) != sizeof(empty))
			return -1;
	/* So the numbers of a file that was made anew are higher than those of the one before. */
	head.number = head.again = (uint64_t)head.uptime;
	s->last = head.number;
	return pwrite(s->fd, &head, sizeof(head), 0) == sizeof(head) ? 0 : -1;
}

static int go_on(struct spool *s)
{
	struct spool_slot slot;

	s->last = 0;
	for (off_t at = 0; at < FILE_BYTES; at += (off_t)sizeof(slot)) {
		if (pread(s->fd, &slot, sizeof(slot), at) != sizeof(slot) || (!at && !whole(&slot)))
			return -1;
		if (whole(&slot) && slot.number > s->last)
			s->last = slot.number;
	}
	return 0;
}

void spool_open(struct spool *s, const char *path)
{
	struct stat st;

	s->path = path;
	s->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->fd < 0)
		return;
	if (fstat(s->fd, &st) == 0 && st.st_size == FILE_BYTES && go_on(s) == 0)
		return;
	if (make(s) < 0) {
		close(s->fd);
		s->fd = -1;
	}
}

void spool_put(struct spool *s, const struct record *r)
{
	static struct spool_slot slot;
	size_t len = strlen(r->text);

	if (s->fd < 0)
		spool_open(s, s->path);
	if (s->fd < 0)
		return;
	memset(&slot, 0, sizeof(slot));
	slot.number = slot.again = ++s->last;
	slot.uptime = r->uptime;
	slot.severity = r->severity;
	slot.world = r->world;
	strcpy(slot.component, r->component);
	memcpy(slot.line, r->text, len < sizeof(slot.line) ? len : sizeof(slot.line) - 1);
	if (pwrite(s->fd, &slot, sizeof(slot), place_of(slot.number)) != sizeof(slot)) {
		close(s->fd);
		s->fd = -1;
	}
}

static int by_number(const void *a, const void *b)
{
	const struct spool_slot *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

int spool_read(const char *path, uint64_t after, struct spool_slot **list, size_t *count,
	       uint64_t *missed, struct err *e)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	_cleanup_free_ struct spool_slot *all = NULL;
	uint64_t from;
	size_t n = 0;

	*list = NULL;
	*count = *missed = 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s: open", path);
	all = calloc(SPOOL_SLOTS + 1, sizeof(*all));
	if (!all)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (pread(fd, all, (size_t)FILE_BYTES, 0) != FILE_BYTES || !whole(&all[0]))
		return 0; /* it is being made */
	from = after > all[0].number ? after : all[0].number;
	for (size_t i = 1; i <= SPOOL_SLOTS; i++)
		if (whole(&all[i]) && all[i].number > from) {
			all[i].line[sizeof(all[i].line) - 1] = '\0';
			all[i].component[COMPONENT_MAX] = '\0';
			all[n++] = all[i];
		}
	qsort(all, n, sizeof(*all), by_number);
	if (n)
		*missed = all[0].number - from - 1;
	*list = TAKE_PTR(all);
	*count = n;
	return 0;
}
