// SPDX-License-Identifier: Apache-2.0
#include "message.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000) /* in microseconds */
#define SEQUENCE_MAX 2147483647 /* of sequenceId; then it begins at 1 again */

static void format_stamp(char buf[static 40], int64_t wall)
{
	time_t s = (time_t)(wall / SECOND);
	struct tm tm;
	size_t n;

	gmtime_r(&s, &tm);
	n = strftime(buf, 40, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, 40 - n, ".%06dZ", (int)(wall % SECOND));
}

size_t message_format(char buf[static MESSAGE_BYTES], const struct forward_packet *p,
		      struct boot_clock clock, const char *host)
{
	unsigned int sequence = (unsigned int)(p->number % SEQUENCE_MAX) + 1;
	char stamp[40] = "-", uptime[48] = "", world[16] = "-";
	int n;

	if (clock.right)
		format_stamp(stamp, clock.boot + p->uptime);
	else
		snprintf(uptime, sizeof(uptime), " sysUpTime=\"%" PRId64 "\"", p->uptime / 10000);
	if (p->world)
		snprintf(world, sizeof(world), "%d", p->world);
	n = snprintf(buf, MESSAGE_BYTES, "<%d>1 %s %s %s %s - [meta sequenceId=\"%u\"%s] %s",
		     (p->facility & 0x1f) << 3 | (p->severity & 7), stamp, host[0] ? host : "-",
		     p->component[0] ? p->component : "-", world, sequence, uptime, p->text);
	return n < MESSAGE_BYTES ? (size_t)n : MESSAGE_BYTES - 1;
}

size_t message_frame(char buf[static MESSAGE_BYTES + 8], const char *message, size_t len)
{
	size_t n = (size_t)snprintf(buf, 8, "%zu ", len);

	memcpy(buf + n, message, len);
	return n + len;
}
