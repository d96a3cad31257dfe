// SPDX-License-Identifier: Apache-2.0
#include "archive_whole.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive.h"
#include "userworld/core/bundle/plan.h"
#include "userworld/core/bundle/pool.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/system/memory.h"

static int admit(uint64_t size, const char *url, struct err *e)
{
	uint64_t total, available;

	if (!size || size > ARCHIVE_WHOLE_MAX)
		return err_set(e, ERR_NO_SPACE,
			       "%s: the server answers no ranges, and %s: have it serve the folder "
			       "instead of the archive, or copy the archive to the host",
			       url,
			       size ? "the whole archive is too large for memory"
				    : "does not say how large the whole archive is");
	if (core_memory(&total, &available, e) < 0)
		return -1;
	if (available >= size + bundle_memory_margin(total))
		return 0;
	return err_set(e, ERR_NO_SPACE,
		       "%s: the server answers no ranges, and there is not enough memory for the "
		       "%llu MiB of the whole archive",
		       url, (unsigned long long)(size >> 20) + 1);
}

static int copy(struct fetch *f, int fd, const char *url, struct err *e)
{
	uint64_t got = 0;
	char buf[16384];
	ssize_t n;

	while ((n = fetch_read(f, buf, sizeof(buf))) > 0) {
		got += (uint64_t)n;
		if (got > fetch_file(f)->size)
			break;
		if (fd_write_all(fd, buf, (size_t)n) < 0)
			return err_sys(e, errno, "%s", url);
	}
	if (n < 0)
		return err_set(e, ERR_UNAVAILABLE,
			       "%s: the connection broke off and could not be taken up again", url);
	return got == fetch_file(f)->size
		       ? 0
		       : err_set(e, ERR_UNAVAILABLE, "%s: has another size than the server said",
				 url);
}

int archive_take_whole(struct fetch *f, const char *url, struct err *e)
{
	_cleanup_close_ int fd = -1;
	int pool, rc;

	if (admit(fetch_file(f)->size, url, e) < 0)
		return -1;
	fd = memfd_create("archive", MFD_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "memfd_create");
	pool = bundle_pool_enter();
	rc = copy(f, fd, url, e);
	bundle_pool_leave(pool);
	return rc < 0 ? -1 : steal_fd(&fd);
}
