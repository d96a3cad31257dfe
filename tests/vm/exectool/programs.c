// SPDX-License-Identifier: Apache-2.0
/* Programs: by name, by descriptor, by the loader. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "way.h"

int way_exec(const char *file)
{
	return exec_fd(-1, file, (char *[]){ "true", NULL });
}

int way_execveat(const char *file)
{
	return exec_fd(must_open(file, O_PATH), "", (char *[]){ "true", NULL });
}

int way_proc_fd(const char *file)
{
	char path[64];
	int fd = open(file, O_RDONLY);

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
	return exec_fd(-1, path, (char *[]){ "true", NULL });
}

int way_loader(const char *file)
{
	char path[256], *argv[] = { "ld.so", path, NULL };
	int status;
	pid_t pid = fork();

	snprintf(path, sizeof(path), "%s%s", *file == '/' ? "" : "./", file);

	if (pid == 0) {
		execve("/lib64/ld-linux-x86-64.so.2", argv, environ);
		_exit(111);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		wrong("fork");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return puts("ran"), 0;
	return puts("loader failed"), 1;
}

int way_access(const char *file)
{
	return access(file, X_OK) ? refused("access") : (puts("ran"), 0);
}

int way_memfd_exec(const char *file)
{
	int from = must_open(file, O_RDONLY), fd = memory_fd();
	char buf[65536];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(fd, buf, (size_t)n) != n)
			wrong("memfd");
	return exec_fd(fd, "", (char *[]){ "true", NULL });
}
