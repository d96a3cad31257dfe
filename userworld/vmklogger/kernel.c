// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "userworld/lib/log.h"

#define RECORD_BYTES 8192 /* the kernel gives whole records of at most this */

int kernel_open(struct kernel_source *k, const char *device, const char *seq_path, struct err *e)
{
	uint64_t seen;

	*k = (struct kernel_source){ .seq_fd = -1 };
	k->fd = open(device, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->fd < 0)
		return err_sys(e, errno, "%s: open", device);
	k->seq_fd = open(seq_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (k->seq_fd >= 0 && pread(k->seq_fd, &seen, sizeof(seen), 0) == sizeof(seen)) {
		k->seen = seen;
		k->any = true;
	}
	return 0;
}

static void take(struct kernel_source *k, const char *data, size_t len, struct sink *s)
{
	struct record r;
	uint64_t seq;

	if (kmsg_parse(data, len, &r, &seq) < 0 || (k->any && seq <= k->seen))
		return;
	if (k->any && seq > k->seen + 1)
		sink_say(s, LOG_WARNING, "%" PRIu64 " kernel messages were lost: too many at once",
			 seq - k->seen - 1);
	/* Only root writes there; events come that way while the logger is away or behind. */
	r.event = r.facility == LOG_FAC(EVENT_FACILITY);
	r.audit = route_is_audit(&r);
	sink_put(s, &r);
	k->seen = seq;
	k->any = true;
}

void kernel_read(struct kernel_source *k, struct sink *s)
{
	static char data[RECORD_BYTES + 1];

	for (;;) {
		ssize_t n = read(k->fd, data, RECORD_BYTES);

		/* EPIPE: records were overwritten; the next read gives the oldest left. */
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			break;
		data[n] = '\0';
		take(k, data, (size_t)n, s);
	}
	/* Without this the next logger repeats some lines; that is all. */
	if (k->seq_fd >= 0 && k->any &&
	    pwrite(k->seq_fd, &k->seen, sizeof(k->seen), 0) != sizeof(k->seen)) {
		close(k->seq_fd);
		k->seq_fd = -1;
	}
}
