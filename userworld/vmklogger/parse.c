// SPDX-License-Identifier: Apache-2.0
#include "record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

/* One line per message: whatever would break the line becomes a space. */
static void set_text(struct record *r, const char *text, size_t len)
{
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' '))
		len--;
	if (len > TEXT_MAX)
		len = TEXT_MAX;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		r->text[i] = c < ' ' || c == 0x7f ? ' ' : (char)c;
	}
	r->text[len] = '\0';
}

static bool tag_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || c == '/';
}

/*
 * Takes "TAG: " or "TAG[PID]: " off the front and makes it the component. The
 * length taken, or 0 if there is none.
 */
static size_t take_tag(const char *p, size_t len, struct record *r)
{
	size_t n = 0, end;

	while (n < len && tag_char(p[n]))
		n++;
	end = n;
	if (end < len && p[end] == '[') {
		while (end < len && p[end] != ']')
			end++;
		end += end < len;
	}
	if (!n || n > COMPONENT_MAX || end >= len || p[end] != ':')
		return 0;
	memcpy(r->component, p, n);
	r->component[n] = '\0';
	end++;
	while (end < len && p[end] == ' ')
		end++;
	return end;
}

static void take_tag_or(const char *p, size_t len, struct record *r, const char *component)
{
	size_t n = take_tag(p, len, r);

	if (!n)
		strcpy(r->component, component);
	set_text(r, p + n, len - n);
}

/* "T123" or "C0" of printk: a CPU only when it was no process. */
static void take_caller(const char *flags, const char *end, struct record *r)
{
	const char *caller = memmem(flags, (size_t)(end - flags), "caller=", 7);

	if (!caller)
		return;
	if (caller[7] == 'C')
		r->cpu = atoi(caller + 8);
	else if (caller[7] == 'T')
		r->world = atoi(caller + 8);
}

int kmsg_parse(const char *data, size_t len, struct record *r, uint64_t *seq)
{
	const char *text = memchr(data, ';', len);
	const char *end;
	unsigned long pri;
	uint64_t number;
	char *p;

	if (!text)
		return -1;
	pri = strtoul(data, &p, 10);
	if (*p != ',')
		return -1;
	number = strtoull(p + 1, &p, 10);
	if (*p != ',')
		return -1;
	*r = (struct record){
		.severity = (int)(pri & LOG_PRIMASK),
		.facility = (int)LOG_FAC(pri),
		.cpu = CPU_UNKNOWN,
	};
	r->uptime = (int64_t)strtoull(p + 1, &p, 10);
	take_caller(p, text, r);
	text++;
	end = memchr(text, '\n', len - (size_t)(text - data));
	if (!end)
		end = data + len;
	take_tag_or(text, (size_t)(end - text), r, "kernel");
	if (seq)
		*seq = number;
	return 0;
}

/* "Nov 22 13:00:01 " as syslog(3) writes it; the time of arrival is better. */
static size_t stamp_length(const char *p, size_t len)
{
	static const char shape[] = "Aaa dd dd:dd:dd ";

	if (len < sizeof(shape) - 1)
		return 0;
	for (size_t i = 0; shape[i]; i++) {
		bool good = p[i] == shape[i];

		if (shape[i] == 'A')
			good = isupper((unsigned char)p[i]);
		else if (shape[i] == 'a')
			good = islower((unsigned char)p[i]);
		else if (shape[i] == 'd')
			good = isdigit((unsigned char)p[i]) || p[i] == ' ';
		if (!good)
			return 0;
	}
	return sizeof(shape) - 1;
}

void syslog_parse(const char *data, size_t len, struct record *r)
{
	size_t n = 0;

	r->severity = LOG_NOTICE;
	r->facility = LOG_FAC(LOG_USER);
	if (len > 2 && data[0] == '<' && isdigit((unsigned char)data[1])) {
		unsigned int pri = 0;

		for (n = 1; n < len && n < 5 && isdigit((unsigned char)data[n]); n++)
			pri = pri * 10 + (unsigned int)(data[n] - '0');
		if (n < len && data[n] == '>' && pri <= (LOG_LOCAL7 | LOG_DEBUG)) {
			r->severity = (int)(pri & LOG_PRIMASK);
			/* Only the kernel speaks for the kernel. */
			if (LOG_FAC(pri))
				r->facility = (int)LOG_FAC(pri);
			n++;
		} else {
			n = 0;
		}
	}
	n += stamp_length(data + n, len - n);
	take_tag_or(data + n, len - n, r, "userworld");
}

void output_parse(const char *data, size_t len, struct record *r)
{
	r->severity = LOG_INFO;
	r->facility = LOG_FAC(LOG_DAEMON);
	set_text(r, data, len);
}
