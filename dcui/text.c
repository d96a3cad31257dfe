// SPDX-License-Identifier: Apache-2.0
/* UTF-8, cell widths, word wrap, human numbers. */
#include "dcui/text.h"

#include <stdio.h>
#include <string.h>

#define REPLACEMENT '?'

static int in_range(uint32_t ch, uint32_t low, uint32_t high)
{
	return ch >= low && ch <= high;
}

int text_printable(uint32_t ch)
{
	if (in_range(ch, 0x20, 0x7e))
		return 1;
	if (in_range(ch, 0xa0, 0x10ff)) /* Latin to Georgian, but no combining marks */
		return ch != 0xad && !in_range(ch, 0x300, 0x36f) && !in_range(ch, 0x483, 0x489) &&
		       !in_range(ch, 0x590, 0x8ff) && !in_range(ch, 0x900, 0x109f);
	if (in_range(ch, 0x2010, 0x2027) || in_range(ch, 0x2030, 0x205e))
		return 1;
	return in_range(ch, 0x2070, 0x22ff) || in_range(ch, 0x2500, 0x25fc);
}

static int sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	if (lead >= 0xf0 && lead <= 0xf4)
		return 4;
	return 0;
}

/* The character at s and its length; an ill-formed sequence is one byte long. */
static uint32_t decode(const unsigned char *s, int *len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int n = sequence_length(s[0]);
	uint32_t ch;

	*len = 1;
	if (n == 0)
		return REPLACEMENT;
	if (n == 1)
		return s[0];
	ch = s[0] & (0xffu >> (n + 1));
	for (int i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		ch = ch << 6 | (s[i] & 0x3f);
	}
	if (ch < least[n] || ch > 0x10ffff || in_range(ch, 0xd800, 0xdfff))
		return REPLACEMENT;
	*len = n;
	return ch;
}

uint32_t text_decode(const char **s)
{
	int len;
	uint32_t ch = decode((const unsigned char *)*s, &len);

	*s += len;
	if (ch == '\t' || ch == '\n' || ch == '\r')
		return ' ';
	return text_printable(ch) ? ch : REPLACEMENT;
}

size_t text_encode(uint32_t ch, char out[static TEXT_UTF8_MAX])
{
	if (ch < 0x80) {
		out[0] = (char)ch;
		return 1;
	}
	if (ch < 0x800) {
		out[0] = (char)(0xc0 | ch >> 6);
		out[1] = (char)(0x80 | (ch & 0x3f));
		return 2;
	}
	if (ch < 0x10000) {
		out[0] = (char)(0xe0 | ch >> 12);
		out[1] = (char)(0x80 | (ch >> 6 & 0x3f));
		out[2] = (char)(0x80 | (ch & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (ch >> 18 & 7));
	out[1] = (char)(0x80 | (ch >> 12 & 0x3f));
	out[2] = (char)(0x80 | (ch >> 6 & 0x3f));
	out[3] = (char)(0x80 | (ch & 0x3f));
	return 4;
}

int text_width(const char *s)
{
	int cells = 0;

	while (*s) {
		text_decode(&s);
		cells++;
	}
	return cells;
}

size_t text_offset(const char *s, int cells)
{
	const char *p = s;

	while (*p && cells-- > 0)
		text_decode(&p);
	return (size_t)(p - s);
}

size_t text_wrap(const char *s, int width, const char **next)
{
	const char *p = s, *blank = NULL;
	int cells = 0;

	while (*p && *p != '\n' && cells < width) {
		if (*p == ' ' && p > s)
			blank = p;
		text_decode(&p);
		cells++;
	}
	if (p == s && *p && *p != '\n')
		text_decode(&p);
	if (*p == '\0' || *p == '\n' || *p == ' ')
		blank = p;
	if (!blank)
		blank = p;
	*next = blank;
	while (**next == ' ')
		(*next)++;
	if (**next == '\n')
		(*next)++;
	return (size_t)(blank - s);
}

const char *text_size(uint64_t bytes, char *buf, size_t len)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double v = (double)bytes;
	size_t unit = 0;

	while (v >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		v /= 1024;
		unit++;
	}
	if (unit == 0 || v >= 100 || v == (double)(uint64_t)v)
		snprintf(buf, len, "%.0f %s", v, units[unit]);
	else
		snprintf(buf, len, "%.1f %s", v, units[unit]);
	return buf;
}

const char *text_uptime(uint64_t seconds, char *buf, size_t len)
{
	unsigned long long days = seconds / 86400;
	unsigned hours = (unsigned)(seconds / 3600 % 24), minutes = (unsigned)(seconds / 60 % 60);

	if (days)
		snprintf(buf, len, "%llu day%s %02u:%02u", days, days == 1 ? "" : "s", hours,
			 minutes);
	else if (hours)
		snprintf(buf, len, "%u h %02u min", hours, minutes);
	else
		snprintf(buf, len, "%u min", minutes);
	return buf;
}
