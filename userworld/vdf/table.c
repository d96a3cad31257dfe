// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#include <inttypes.h>
#include <string.h>

#include "userworld/lib/human.h"

#define COLUMNS_MAX 6
#define CELL_MAX 64

/* Rows are formatted twice: once for the widths, once to print. */
struct table {
	const char *const *heads;
	size_t columns;
	int width[COLUMNS_MAX];
	bool human;
	char cells[COLUMNS_MAX][CELL_MAX];
};

typedef void (*fill_row)(struct table *t, const void *list, size_t i);

static void set_size(struct table *t, size_t column, uint64_t bytes)
{
	char text[HUMAN_MAX];

	if (t->human)
		snprintf(t->cells[column], CELL_MAX, "%s", human_size(bytes, text));
	else
		snprintf(t->cells[column], CELL_MAX, "%" PRIu64, bytes / 1024);
}

static void widen(struct table *t)
{
	for (size_t c = 0; c < t->columns; c++) {
		int len = (int)strlen(t->cells[c]);

		if (len > t->width[c])
			t->width[c] = len;
	}
}

static void set_heads(struct table *t)
{
	for (size_t c = 0; c < t->columns; c++)
		snprintf(t->cells[c], CELL_MAX, "%s", t->heads[c]);
}

/* Names to the left, numbers to the right, the last column as it is. */
static void print_row(const struct table *t, FILE *out)
{
	for (size_t c = 0; c < t->columns; c++) {
		if (c == 0)
			fprintf(out, "%-*s", t->width[c], t->cells[c]);
		else if (c == COLUMNS_MAX - 1)
			fprintf(out, "  %s", t->cells[c]);
		else
			fprintf(out, "  %*s", t->width[c], t->cells[c]);
	}
	fputc('\n', out);
}

static void print_table(struct table *t, FILE *out, const void *list, size_t n, fill_row fill)
{
	set_heads(t);
	widen(t);
	for (size_t i = 0; i < n; i++) {
		fill(t, list, i);
		widen(t);
	}
	set_heads(t);
	print_row(t, out);
	for (size_t i = 0; i < n; i++) {
		fill(t, list, i);
		print_row(t, out);
	}
}

static void tardisk_row(struct table *t, const void *list, size_t i)
{
	const struct vfs_tardisk *d = (const struct vfs_tardisk *)list + i;

	strcpy(t->cells[0], d->name);
	set_size(t, 1, d->size);
	set_size(t, 2, d->size);
}

static void ramdisk_row(struct table *t, const void *list, size_t i)
{
	const struct vfs_ramdisk *d = (const struct vfs_ramdisk *)list + i;

	strcpy(t->cells[0], d->name);
	set_size(t, 1, d->max_bytes);
	set_size(t, 2, d->used_bytes);
	set_size(t, 3, d->max_bytes > d->used_bytes ? d->max_bytes - d->used_bytes : 0);
	snprintf(t->cells[4], CELL_MAX, "%u%%", human_percent(d->used_bytes, d->max_bytes));
	/* ESXi prints "--" here for every ramdisk; scripts count on the column. */
	strcpy(t->cells[5], "--");
}

void print_tardisks(FILE *out, const struct vfs_tardisk *list, size_t n, bool human)
{
	static const char *const heads[] = { "Tardisk", "Space", "Used" };
	struct table t = { .heads = heads, .columns = 3, .human = human };

	print_table(&t, out, list, n, tardisk_row);
}

void print_ramdisks(FILE *out, const struct vfs_ramdisk *list, size_t n, bool human)
{
	static const char *const heads[] = { "Ramdisk",	  "Size", "Used",
					     "Available", "Use%", "Mounted on" };
	struct table t = { .heads = heads, .columns = 6, .human = human };

	print_table(&t, out, list, n, ramdisk_row);
}
