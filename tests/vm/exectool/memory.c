// SPDX-License-Identifier: Apache-2.0
/* Code in memory that belongs to no file, or to none that lies in a file system. */
#include <string.h>
#include <sys/ipc.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <unistd.h>

#include "way.h"

int way_anonymous(const char *unused)
{
	(void)unused;
	return run(map(-1, RWX, MAP_PRIVATE), "mmap");
}

int way_anonymous_shared(const char *unused)
{
	(void)unused;
	return run(map(-1, RX, MAP_SHARED), "mmap");
}

int way_anonymous_later(const char *unused)
{
	void *at = map(-1, RW, MAP_PRIVATE);

	(void)unused;
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RX, "mprotect");
}

int way_shared_later(const char *unused)
{
	void *at = map(-1, RW, MAP_SHARED);

	(void)unused;
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RX, "mprotect");
}

int way_heap(const char *unused)
{
	unsigned long at = ((unsigned long)sbrk(3 * PAGE) + PAGE) & ~(PAGE - 1);

	(void)unused;
	memcpy((void *)at, code, sizeof(code));
	return protect_and_run((void *)at, RX, "mprotect");
}

int way_stack(const char *unused)
{
	unsigned char room[3 * PAGE];
	unsigned char *at = room + PAGE - (unsigned long)room % PAGE;

	(void)unused;
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RWX, "mprotect");
}

/* An address space whose heap is executable without a word. */
int way_implied(const char *unused)
{
	unsigned char *at;

	(void)unused;
	personality(READ_IMPLIES_EXEC);
	at = sbrk(3 * PAGE);
	at += PAGE - (unsigned long)at % PAGE;
	memcpy(at, code, sizeof(code));
	return run(at, "sbrk");
}

int way_memfd(const char *unused)
{
	int fd = memory_fd();

	(void)unused;
	write_code(fd);
	return run(map(fd, RX, MAP_PRIVATE), "mmap");
}

int way_shm(const char *unused)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0700);
	void *at;

	(void)unused;
	if (id < 0)
		wrong("shmget");
	at = shmat(id, NULL, 0);
	memcpy(at, code, sizeof(code));
	at = shmat(id, NULL, SHM_EXEC);
	shmctl(id, IPC_RMID, NULL);
	return run(at, "shmat");
}
