// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/jobs.h"

struct gate {
	int ready[2]; /* a byte from each worker that is ready, and when it has finished */
	int go[2];    /* a byte for each */
};

static void pass(int fd, size_t count)
{
	for (char byte = 0; count--;)
		if (write(fd, &byte, 1) != 1)
			fail("pipe");
}

static void await(int fd, size_t count)
{
	for (char byte; count--;)
		if (read(fd, &byte, 1) != 1)
			fail("pipe");
}

static _Noreturn void work(const struct row *row, struct files files, struct gate *gate,
			   uint64_t *items)
{
	/* So that the others do not wait for ever for one that failed. */
	close(gate->ready[0]);
	close(gate->go[1]);
	rows_prepare();
	pass(gate->ready[1], 1);
	await(gate->go[0], 1);
	*items = row->run(&files);
	pass(gate->ready[1], 1);
	_exit(0);
}

uint64_t jobs_run(const struct row *row, const struct files *files, size_t workers, uint64_t *ns)
{
	size_t size = workers * sizeof(uint64_t);
	uint64_t *items =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct files share = *files;
	uint64_t begin, sum = 0;
	struct gate gate;

	if (items == MAP_FAILED || pipe(gate.ready) || pipe(gate.go))
		fail("jobs");
	share.workers = workers;
	for (share.worker = 0; share.worker < workers; share.worker++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork");
		if (!pid)
			work(row, share, &gate, &items[share.worker]);
	}
	close(gate.ready[1]);
	close(gate.go[0]);
	await(gate.ready[0], workers);
	begin = span_begin();
	pass(gate.go[1], workers);
	await(gate.ready[0], workers);
	*ns = span_end(begin);
	for (size_t i = 0; i < workers; i++) {
		int status;

		if (wait(&status) < 0 || status)
			fail("a worker");
		sum += items[i];
	}
	close(gate.ready[0]);
	close(gate.go[1]);
	munmap(items, size);
	return sum;
}
