// SPDX-License-Identifier: Apache-2.0
/*
 * io_uring, without a library: plain, vectored and fixed-buffer transfers,
 * some of them left to the ring's own workers.
 */
#include "reach.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
	int fd;
	_Atomic uint32_t *sq_tail, *cq_head, *cq_tail;
	uint32_t sq_mask, cq_mask;
	uint32_t *sq_array;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
	bool fixed; /* the buffers are registered */
} ring;

static void *map_ring(size_t len, off_t what)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, what);

	must(p != MAP_FAILED, "mmap of the ring");
	return p;
}

static bool open_ring(void)
{
	struct io_uring_params p = { 0 };
	char *sq, *cq;

	ring.fd = (int)syscall(SYS_io_uring_setup, JOBS, &p);
	if (ring.fd < 0)
		return false;
	sq = map_ring(p.sq_off.array + p.sq_entries * sizeof(uint32_t), IORING_OFF_SQ_RING);
	cq = map_ring(p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		      IORING_OFF_CQ_RING);
	ring.sqes = map_ring(p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	ring.sq_tail = (void *)(sq + p.sq_off.tail);
	ring.sq_mask = *(uint32_t *)(void *)(sq + p.sq_off.ring_mask);
	ring.sq_array = (void *)(sq + p.sq_off.array);
	ring.cq_head = (void *)(cq + p.cq_off.head);
	ring.cq_tail = (void *)(cq + p.cq_off.tail);
	ring.cq_mask = *(uint32_t *)(void *)(cq + p.cq_off.ring_mask);
	ring.cqes = (void *)(cq + p.cq_off.cqes);
	return true;
}

/* One of the ways to say the same. parts has room for two, alive until it is done. */
static void fill_sqe(struct io_uring_sqe *sqe, int fd, const struct job *job, unsigned int n,
		     struct iovec *parts)
{
	unsigned int how = rnd(ring.fixed ? 3 : 2);

	memset(sqe, 0, sizeof(*sqe));
	sqe->fd = fd;
	sqe->off = (uint64_t)job->at;
	sqe->user_data = n;
	sqe->flags = rnd(4) ? 0 : IOSQE_ASYNC;
	sqe->addr = (uintptr_t)job->buf;
	sqe->len = (uint32_t)job->len;
	if (how == 0) {
		sqe->opcode = job->write ? IORING_OP_WRITE : IORING_OP_READ;
	} else if (how == 1) {
		size_t first = job->len / 3;

		parts[0] = (struct iovec){ job->buf, first };
		parts[1] = (struct iovec){ (char *)job->buf + first, job->len - first };
		sqe->opcode = job->write ? IORING_OP_WRITEV : IORING_OP_READV;
		sqe->addr = (uintptr_t)parts;
		sqe->len = 2;
	} else {
		sqe->opcode = job->write ? IORING_OP_WRITE_FIXED : IORING_OP_READ_FIXED;
		sqe->buf_index = (uint16_t)n;
	}
}

static void uring_batch(int fd, struct job *jobs, unsigned int count)
{
	uint32_t tail = atomic_load_explicit(ring.sq_tail, memory_order_relaxed);
	struct iovec parts[JOBS][2];
	uint32_t head;

	for (unsigned int i = 0; i < count; i++, tail++) {
		fill_sqe(&ring.sqes[tail & ring.sq_mask], fd, &jobs[i], i, parts[i]);
		ring.sq_array[tail & ring.sq_mask] = tail & ring.sq_mask;
	}
	atomic_store_explicit(ring.sq_tail, tail, memory_order_release);
	must(syscall(SYS_io_uring_enter, ring.fd, count, count, IORING_ENTER_GETEVENTS, NULL, 0) ==
		     (long)count,
	     "io_uring_enter");
	head = atomic_load_explicit(ring.cq_head, memory_order_relaxed);
	while (count--) {
		struct io_uring_cqe *cqe = &ring.cqes[head++ & ring.cq_mask];

		must(head <= atomic_load_explicit(ring.cq_tail, memory_order_acquire),
		     "a completion is missing");
		jobs[cqe->user_data].done = cqe->res;
	}
	atomic_store_explicit(ring.cq_head, head, memory_order_release);
}

int topic_uring(char **words)
{
	unsigned char *buffers = aligned_alloc(4096, JOBS * JOB_MOST);
	struct iovec list[JOBS];

	if (!open_ring())
		return errno == ENOSYS || errno == EPERM ? SKIP : 1;
	must(buffers != NULL, "memory");
	for (unsigned int i = 0; i < JOBS; i++)
		list[i] = (struct iovec){ buffers + i * JOB_MOST, JOB_MOST };
	ring.fixed = true;
	must(!syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, list, JOBS),
	     "IORING_REGISTER_BUFFERS");
	return shadow(words, buffers, uring_batch);
}
