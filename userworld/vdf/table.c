// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/lib/human.h"

#define COLUMNS_MAX 6
#define CELL_MAX 256

/* Rows are formatted twice: once for the widths, once to print. */
struct table {
	const char *const *heads;
	size_t columns;
	bool left; /* the last column is text */
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
		else if (c == t->columns - 1 && t->left)
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
	set_size(t, 2, d->memory);
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

struct owner_row {
	const char *ramdisk;
	const struct vfs_owner *owner;
};

static void owner_row(struct table *t, const void *list, size_t i)
{
	const struct owner_row *row = (const struct owner_row *)list + i;

	snprintf(t->cells[0], CELL_MAX, "%s", row->ramdisk);
	set_size(t, 1, row->owner->bytes);
	snprintf(t->cells[2], CELL_MAX, "%" PRIu64, row->owner->inodes);
	snprintf(t->cells[3], CELL_MAX, "%s", row->owner->name);
}

void print_owners(FILE *out, const struct vdf_owners *list, size_t n, bool human)
{
	static const char *const heads[] = { "Ramdisk", "Used", "Inodes", "Pool" };
	struct table t = { .heads = heads, .columns = 4, .left = true, .human = human };
	struct owner_row *rows;
	size_t count = 0, k = 0;

	for (size_t i = 0; i < n; i++)
		count += list[i].count;
	rows = calloc(count + 1, sizeof(*rows));
	for (size_t i = 0; rows && i < n; i++)
		for (size_t j = 0; j < list[i].count; j++)
			rows[k++] = (struct owner_row){ list[i].ramdisk, &list[i].owners[j] };
	print_table(&t, out, rows, k, owner_row);
	free(rows);
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
	struct table t = { .heads = heads, .columns = 6, .left = true, .human = human };

	print_table(&t, out, list, n, ramdisk_row);
}
