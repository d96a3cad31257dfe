// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "way.h"

const unsigned char code[CODE_SIZE] = { 0xb8, 42, 0, 0, 0, 0xc3 };

void __attribute__((noreturn)) wrong(const char *what)
{
	fprintf(stderr, "exectool: %s: %s\n", what, strerror(errno));
	exit(3);
}

int refused(const char *what)
{
	printf("%s: %s\n", what, strerrorname_np(errno));
	return 1;
}

int run(const void *at, const char *what)
{
	int (*f)(void);

	if (at == MAP_FAILED)
		return refused(what);
	memcpy(&f, &at, sizeof(f));
	if (!memcmp(at, code, CODE_SIZE) && f() != 42)
		wrong("the code");
	puts("ran");
	return 0;
}

int protect_and_run(void *at, int prot, const char *what)
{
	if (at == MAP_FAILED)
		return refused("mmap");
	return mprotect(at, PAGE, prot) ? refused(what) : run(at, what);
}

int must_open(const char *file, int flags)
{
	int fd = open(file, flags | O_CLOEXEC, 0755);

	if (fd < 0)
		wrong(file);
	return fd;
}

void *map(int fd, int prot, int flags)
{
	return mmap(NULL, PAGE, prot, flags | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
}

void write_code(int fd)
{
	if (write(fd, code, CODE_SIZE) != CODE_SIZE || ftruncate(fd, PAGE))
		wrong("write");
}

int memory_fd(void)
{
	int fd = memfd_create("code", 0);

	if (fd < 0)
		wrong("memfd");
	return fd;
}

int exec_fd(int fd, const char *path, char *const argv[])
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (fd >= 0)
			syscall(SYS_execveat, fd, path, argv, environ, *path ? 0 : AT_EMPTY_PATH);
		else
			execve(path, argv, environ);
		_exit(refused("exec") ? (fflush(stdout), 111) : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		wrong("fork");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 111)
		return 1;
	puts("ran");
	return 0;
}
