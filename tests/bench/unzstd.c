// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "tests/bench/span.h"
#include "tests/bench/unzstd.h"

static void *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	char *data = end < 0 ? NULL : malloc((size_t)end + 1);

	if (!data || pread(fd, data, (size_t)end, 0) != end)
		fail(path);
	*size = (size_t)end;
	close(fd);
	return data;
}

void unzstd(const char *path, bool output)
{
	static char out[1024 * 1024];
	ZSTD_DStream *zstd = ZSTD_createDStream();
	ZSTD_inBuffer in = { 0 };
	uint64_t begin, bytes = 0;

	in.src = read_file(path, &in.size);
	begin = span_begin();
	while (in.pos < in.size) {
		ZSTD_outBuffer to = { out, sizeof(out), 0 };

		errno = EBADMSG;
		if (ZSTD_isError(ZSTD_decompressStream(zstd, &to, &in)))
			fail(path);
		if (output && write(STDOUT_FILENO, out, to.pos) != (ssize_t)to.pos)
			fail("standard output");
		bytes += to.pos;
	}
	if (!output)
		span_print("unzstd", bytes / 4096, span_end(begin));
	ZSTD_freeDStream(zstd);
}
