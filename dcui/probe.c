// SPDX-License-Identifier: Apache-2.0
/* Question and answer on a serial line. */
#include "dcui/probe.h"

#include <poll.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MAX 256

/*
 * Column 1, e with acute accent, position?; the far corner, position?; clean
 * up; what are you? The last answer says that there will be no more.
 */
const char probe_question[] = "\r\xc3\xa9\033[6n\033[r\033[999;999H\033[6n\033[H\033[J\033[c";

/* "ESC [ numbers final": both numbers, and where it ends; NULL if none is at s. */
static const char *report(const char *s, const char *end, int number[static 2], char *final)
{
	int n = 0;

	if (end - s < 3 || s[0] != '\033' || s[1] != '[')
		return NULL;
	number[0] = number[1] = 0;
	for (s += 2; s < end && (unsigned char)*s < 0x40; s++) {
		if (*s == ';')
			n++;
		else if (*s >= '0' && *s <= '9' && n < 2 && number[n] < 10000)
			number[n] = number[n] * 10 + *s - '0';
	}
	if (s == end)
		return NULL;
	*final = *s;
	return s + 1;
}

bool probe_parse(const char *bytes, size_t len, struct probe *p)
{
	const char *end = bytes + len;
	int positions = 0, number[2];
	char final;

	memset(p, 0, sizeof(*p));
	while (bytes < end) {
		const char *next = report(bytes, end, number, &final);

		bytes = next ? next : bytes + 1;
		if (next && final == 'R') {
			if (++positions == 1) {
				p->utf8 = number[1] == 2;
			} else {
				p->rows = number[0];
				p->cols = number[1];
			}
			p->answered = true;
		} else if (next && final == 'c') {
			p->answered = true;
			return true;
		}
	}
	return false;
}

static int milliseconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int)((now.tv_sec - start->tv_sec) * 1000 +
		     (now.tv_nsec - start->tv_nsec) / 1000000);
}

static struct probe listen(int fd, int milliseconds)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct probe probe = { 0 };
	char bytes[ANSWER_MAX];
	struct timespec start;
	size_t len = 0;
	int left;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while ((left = milliseconds - milliseconds_since(&start)) > 0 && len < sizeof(bytes)) {
		ssize_t got;

		if (poll(&p, 1, left) != 1)
			break;
		got = read(fd, bytes + len, sizeof(bytes) - len);
		if (got <= 0)
			break;
		len += (size_t)got;
		if (probe_parse(bytes, len, &probe))
			break;
	}
	return probe;
}

struct probe probe_terminal(int fd, int milliseconds)
{
	struct termios before, raw;
	struct probe probe = { 0 };

	if (tcgetattr(fd, &before) < 0)
		return probe;
	raw = before;
	cfmakeraw(&raw);
	tcsetattr(fd, TCSAFLUSH, &raw);
	if (write(fd, probe_question, strlen(probe_question)) > 0)
		probe = listen(fd, milliseconds);
	tcsetattr(fd, TCSAFLUSH, &before);
	return probe;
}
