// SPDX-License-Identifier: Apache-2.0
#include "frame.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

struct __attribute__((packed)) header {
	uint8_t type;
	uint32_t len; /* little-endian */
};

static int read_all(int fd, void *buf, size_t len, struct err *e)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, (char *)buf + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno, "read from the guest channel");
		if (n == 0) /* no host has the other end open */
			return err_set(e, ERR_UNAVAILABLE, "the host closed the guest channel");
		done += n;
	}
	return 0;
}

int frame_read(int fd, struct frame *f, struct err *e)
{
	struct header h;

	if (read_all(fd, &h, sizeof(h), e) < 0)
		return -1;
	f->type = h.type;
	f->len = le32toh(h.len);
	if (f->len > FRAME_MAX)
		return err_set(e, ERR_INVALID,
			       "frame of %zu bytes on the guest channel, the limit is %d", f->len,
			       FRAME_MAX);
	if (read_all(fd, f->data, f->len, e) < 0)
		return -1;
	f->data[f->len] = '\0';
	return 0;
}

int frame_write(int fd, enum frame_type type, const void *data, size_t len, struct err *e)
{
	struct header h = { .type = type, .len = htole32(len) };

	if (fd_write_all(fd, &h, sizeof(h)) < 0 || fd_write_all(fd, data, len) < 0)
		return err_sys(e, errno, "write to the guest channel");
	return 0;
}
