// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/switch.h"
#include "visorfs/uapi/visorfs.h"

#define REST 300000 /* us between switches */

/* Two names, so that each switch brings one and removes the other. */
static const char *const names[] = { "bench-a", "bench-b" };

/* Attaches the tardisk as names[i]; detaches the other one if there is one. */
static uint64_t change(int root, const char *tardisk, int i, bool detach)
{
	struct visorfs_attach in = { .fd = open(tardisk, O_RDONLY | O_CLOEXEC) };
	struct visorfs_detach out = { .flags = VISORFS_DETACH_FORCE };
	struct visorfs_switch request = {
		.size = sizeof(request),
		.attach = (uintptr_t)&in,
		.attach_count = 1,
		.detach = (uintptr_t)&out,
		.detach_count = detach,
	};
	uint64_t begin, ns;

	if (in.fd < 0)
		fail(tardisk);
	snprintf(in.name, sizeof(in.name), "%s", names[i]);
	snprintf(out.name, sizeof(out.name), "%s", names[!i]);
	begin = span_begin();
	if (ioctl(root, VISORFS_IOC_SWITCH, &request))
		fail(request.message);
	ns = span_end(begin);
	close(in.fd);
	return ns;
}

/* Looks files up for ever; *worst is what one of them took at most since it was set to 0. */
static _Noreturn void look_up(const struct files *files, _Atomic uint64_t *worst)
{
	struct stat st;

	for (size_t i = 0;; i = (i + 1) % files->count) {
		uint64_t begin = span_now(), ns;

		if (stat(files->names[i], &st))
			fail(files->names[i]);
		ns = span_now() - begin;
		if (ns > atomic_load(worst))
			atomic_store(worst, ns);
	}
}

static pid_t start_look_up(const struct files *files, _Atomic uint64_t **worst)
{
	pid_t pid;

	*worst = mmap(NULL, sizeof(**worst), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (*worst == MAP_FAILED)
		fail("memory");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid)
		look_up(files, *worst);
	return pid;
}

int switch_measure(const char *dir, const struct files *files, const char *a, const char *b,
		   unsigned int rounds, bool watch)
{
	const char *const tardisks[] = { a, b };
	int root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_Atomic uint64_t *worst;
	pid_t reader = 0;

	if (root < 0)
		fail(dir);
	change(root, a, 0, false);
	if (watch)
		reader = start_look_up(files, &worst);
	for (unsigned int i = 1; i <= rounds; i++) {
		uint64_t ns;

		usleep(REST);
		if (watch)
			atomic_store(worst, 0);
		ns = change(root, tardisks[i % 2], i % 2, true);
		span_print("switch", 1, ns);
		if (!watch)
			continue;
		usleep(10000);
		span_print("stall", 1, atomic_exchange(worst, 0));
		usleep((useconds_t)(ns / 1000) + 10000);
		span_print("calm", 1, atomic_load(worst));
	}
	if (reader)
		kill(reader, SIGKILL);
	return 0;
}
