// SPDX-License-Identifier: Apache-2.0
/* Mappings of files as code. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "way.h"

int way_map(const char *file)
{
	return run(map(must_open(file, O_RDONLY), RX, MAP_PRIVATE), "mmap");
}

int way_map_shared(const char *file)
{
	return run(map(must_open(file, O_RDONLY), RX, MAP_SHARED), "mmap");
}

int way_protect(const char *file)
{
	return protect_and_run(map(must_open(file, O_RDONLY), PROT_READ, MAP_PRIVATE), RX,
			       "mprotect");
}

/* Text that loaders have always changed in place; here it stays as it was. */
int way_text(const char *file)
{
	void *at = map(must_open(file, O_RDONLY), RX, MAP_PRIVATE);

	if (at == MAP_FAILED)
		return refused("mmap");
	if (mprotect(at, PAGE, PROT_READ))
		wrong("mprotect");
	return protect_and_run(at, RX, "mprotect");
}

int way_copy(const char *file)
{
	void *at = map(must_open(file, O_RDONLY), RW, MAP_PRIVATE);

	if (at == MAP_FAILED)
		wrong("mmap");
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RX, "mprotect");
}

int way_copy_rwx(const char *file)
{
	return run(map(must_open(file, O_RDONLY), RWX, MAP_PRIVATE), "mmap");
}

int way_text_write(const char *file)
{
	return protect_and_run(map(must_open(file, O_RDONLY), RX, MAP_PRIVATE), RWX, "mprotect");
}

int way_tmpfile(const char *dir)
{
	int fd = must_open(dir, O_TMPFILE | O_RDWR);

	write_code(fd);
	return run(map(fd, RX, MAP_PRIVATE), "mmap");
}

/* The device below another name. */
int way_node(const char *file)
{
	if (mknod(file, S_IFCHR | 0666, makedev(1, 5)) && errno != EEXIST)
		wrong(file);
	return run(map(must_open(file, O_RDWR), RWX, MAP_PRIVATE), "mmap");
}

/* Through the door for debuggers that every process has to itself. */
int way_own_memory(const char *file)
{
	void *at = map(must_open(file, O_RDONLY), RX, MAP_PRIVATE);
	int fd = must_open("/proc/self/mem", O_RDWR);
	char before;

	if (at == MAP_FAILED)
		wrong("mmap");
	before = *(volatile char *)at;
	before = (char)~before;
	if (pwrite(fd, &before, 1, (off_t)(unsigned long)at) != 1)
		return refused("write");
	return puts("ran"), 0;
}

int way_code(const char *file)
{
	write_code(must_open(file, O_WRONLY | O_CREAT | O_TRUNC));
	return 0;
}
