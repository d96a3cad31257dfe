// SPDX-License-Identifier: Apache-2.0
/* Feeds the reader of zip archives, which must give no more of a member than its entry says. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/depot/zip_member.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reader {
	const uint8_t *at, *end;
};

static ssize_t read_some(void *context, void *buf, size_t size)
{
	struct reader *r = context;
	size_t left = (size_t)(r->end - r->at);

	if (size > left)
		size = left;
	memcpy(buf, r->at, size);
	r->at += size;
	return (ssize_t)size;
}

static void read_member(const uint8_t *data, size_t size, const struct zip_entry *entry)
{
	struct reader r = { data + entry->header, data + entry->end };
	char buf[5000];
	uint64_t got = 0;
	struct zip_member *m;
	ssize_t n;

	if (entry->header > entry->end || entry->end > size)
		abort();
	m = zip_member_open(entry, read_some, &r);
	if (!m && errno != EBADMSG && errno != ENOTSUP)
		abort();
	while (m && (n = zip_member_read(m, buf, sizeof(buf))) > 0)
		got += (uint64_t)n;
	if (got > entry->size)
		abort();
	zip_member_close(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "index.json", "a/b.vib", "c" };
	size_t tail = size < ZIP_TAIL ? size : ZIP_TAIL;
	struct err e = ERR_INIT;
	struct zip_entry entry;
	struct zip_place place;

	if (zip_find_directory(data + size - tail, tail, size, &place, "zip", &e) < 0) {
		if (e.kind != ERR_INVALID)
			abort();
		return 0;
	}
	for (size_t i = 0; i < 3; i++)
		if (zip_find_entry(data + place.at, &place, names[i], &entry, "zip", &e) == 0)
			read_member(data, size, &entry);
	return 0;
}
