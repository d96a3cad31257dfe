// SPDX-License-Identifier: Apache-2.0
#include "list.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"

static void print_mode(const struct tardisk_entry *entry, FILE *out)
{
	static const char rights[] = "rwxrwxrwx";
	uint32_t mode = entry->mode;
	char text[11] = { 0 };

	switch (entry->type) {
	case TARDISK_FILE:
		text[0] = '-';
		break;
	case TARDISK_HARDLINK:
		text[0] = 'h';
		break;
	case TARDISK_SYMLINK:
		text[0] = 'l';
		break;
	case TARDISK_CHAR:
		text[0] = 'c';
		break;
	case TARDISK_BLOCK:
		text[0] = 'b';
		break;
	case TARDISK_DIR:
		text[0] = 'd';
		break;
	case TARDISK_FIFO:
		text[0] = 'p';
		break;
	}
	for (int i = 0; i < 9; i++)
		text[i + 1] = mode & (0400u >> i) ? rights[i] : '-';
	if (mode & S_ISUID)
		text[3] = mode & S_IXUSR ? 's' : 'S';
	if (mode & S_ISGID)
		text[6] = mode & S_IXGRP ? 's' : 'S';
	if (mode & S_ISVTX)
		text[9] = mode & S_IXOTH ? 't' : 'T';
	fputs(text, out);
}

static void print_name(const char *name, uint32_t len, FILE *out)
{
	for (uint32_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c == '\\' || c < ' ' || c == 0x7f)
			fprintf(out, "\\%03o", c);
		else
			putc(c, out);
	}
}

static void print_entry(const struct tardisk_entry *entry, FILE *out)
{
	time_t seconds = (time_t)entry->mtime;
	char ids[32], size[32], when[32];
	struct tm tm;

	print_mode(entry, out);
	snprintf(ids, sizeof(ids), "%" PRIu32 "/%" PRIu32, entry->uid, entry->gid);
	if (entry->type == TARDISK_CHAR || entry->type == TARDISK_BLOCK)
		snprintf(size, sizeof(size), "%" PRIu32 ",%" PRIu32, entry->major, entry->minor);
	else
		snprintf(size, sizeof(size), "%" PRIu64, entry->size);
	gmtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(out, " %-9s %10s %s ", ids, size, when);
	print_name(entry->path, entry->path_len, out);
	if (entry->type == TARDISK_SYMLINK)
		fputs(" -> ", out);
	if (entry->type == TARDISK_HARDLINK)
		fputs(" link to ", out);
	print_name(entry->link, entry->link_len, out);
	putc('\n', out);
}

static void print_volume(const struct tardisk_file *t, FILE *out)
{
	const struct tardisk_volume *v = &t->volume;

	fprintf(out,
		"%s: entries %" PRIu32 ", size %" PRIu64 ", headers %" PRIu32 ", frames %" PRIu32
		", frame size %" PRIu32 "\n",
		t->name, v->entries, v->size, v->headers, t->n_frames, v->frame);
}

int tardisk_list(const struct tardisk_file *t, bool verbose, FILE *out, struct err *e)
{
	struct tardisk_index index;

	if (tardisk_index_load(t, &index, e))
		return -1;
	if (verbose)
		print_volume(t, out);
	for (size_t i = 0; i < index.n; i++)
		print_entry(&index.entries[i], out);
	free(index.entries);
	return 0;
}
