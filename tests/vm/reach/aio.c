// SPDX-License-Identifier: Apache-2.0
/* The kernel's AIO, as libaio uses it. */
#include "reach.h"

#include <errno.h>
#include <linux/aio_abi.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static aio_context_t context;

static void aio_batch(int fd, struct job *jobs, unsigned int count)
{
	struct iocb blocks[JOBS] = { 0 }, *list[JOBS];
	struct io_event events[JOBS];

	for (unsigned int i = 0; i < count; i++) {
		blocks[i] = (struct iocb){ .aio_data = i,
					   .aio_lio_opcode =
						   jobs[i].write ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD,
					   .aio_fildes = (uint32_t)fd,
					   .aio_buf = (uintptr_t)jobs[i].buf,
					   .aio_nbytes = jobs[i].len,
					   .aio_offset = jobs[i].at };
		list[i] = &blocks[i];
	}
	must(syscall(SYS_io_submit, context, count, list) == (long)count, "io_submit");
	must(syscall(SYS_io_getevents, context, count, count, events, NULL) == (long)count,
	     "io_getevents");
	for (unsigned int i = 0; i < count; i++)
		jobs[events[i].data].done = events[i].res;
}

int topic_aio(char **words)
{
	unsigned char *buffers = aligned_alloc(4096, JOBS * JOB_MOST);

	if (syscall(SYS_io_setup, JOBS, &context))
		return errno == ENOSYS ? SKIP : 1;
	must(buffers != NULL, "memory");
	return shadow(words, buffers, aio_batch);
}
