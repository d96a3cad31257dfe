// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ctype.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "spec.h"

bool visorfs_name_ok(const char *name)
{
	size_t len = strnlen(name, VISORFS_NAME_MAX + 1), i;

	if (!len || len > VISORFS_NAME_MAX || name[0] == '.')
		return false;
	for (i = 0; i < len; i++)
		if (name[i] == '/' || (u8)name[i] < ' ' || name[i] == 127)
			return false;
	return true;
}

static int parse_digits(const char **text, u64 *value)
{
	const char *p = *text;

	*value = 0;
	for (; isdigit(*p); p++)
		if (check_mul_overflow(*value, 10ull, value) ||
		    check_add_overflow(*value, (u64)(*p - '0'), value))
			return -EINVAL;
	if (p == *text)
		return -EINVAL;
	*text = p;
	return 0;
}

int visorfs_parse_size(const char *text, u64 *size)
{
	unsigned int shift = 0;

	if (parse_digits(&text, size))
		return -EINVAL;
	switch (tolower(*text)) {
	case 'g':
		shift += 10;
		fallthrough;
	case 'm':
		shift += 10;
		fallthrough;
	case 'k':
		shift += 10;
		text++;
	}
	if (*text || *size > U64_MAX >> shift)
		return -EINVAL;
	*size <<= shift;
	return 0;
}

int visorfs_check_limits(const char *name, const struct visorfs_limits *l, struct visorfs_msg *msg)
{
	if (!visorfs_name_ok(name))
		return visorfs_fail(msg, -EINVAL, "is no name for a ramdisk");
	if (l->max >> PAGE_SHIFT == 0 || l->max > S64_MAX || l->min > l->max || !l->inodes ||
	    l->inodes > S64_MAX)
		return visorfs_fail(msg, -EINVAL, "ramdisk %s: a limit is out of range", name);
	return 0;
}

u64 visorfs_reserved_pages(const struct visorfs_limits *l)
{
	return min(DIV_ROUND_UP_ULL(l->min, PAGE_SIZE), l->max >> PAGE_SHIFT);
}

static int parse_inodes(const char *text, u64 *inodes)
{
	return parse_digits(&text, inodes) || *text ? -EINVAL : 0;
}

int visorfs_parse_ramdisk(char *text, struct visorfs_ramdisk_spec *spec, struct visorfs_msg *msg)
{
	char *max, *inodes, *min;

	spec->name = strsep(&text, ":");
	spec->path = strsep(&text, ":");
	max = strsep(&text, ":");
	inodes = strsep(&text, ":");
	min = strsep(&text, ":");
	spec->limits.min = 0;
	if (!visorfs_name_ok(spec->name))
		return visorfs_fail(msg, -EINVAL, "ramdisk=: begins with no name for a ramdisk");
	if (!inodes || text || visorfs_parse_size(max, &spec->limits.max) ||
	    parse_inodes(inodes, &spec->limits.inodes) ||
	    (min && visorfs_parse_size(min, &spec->limits.min)))
		return visorfs_fail(msg, -EINVAL,
				    "ramdisk=%s: is not NAME:PATH:MAX:INODES[:MIN]", spec->name);
	return 0;
}
