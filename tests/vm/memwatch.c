// SPDX-License-Identifier: Apache-2.0
/*
 * memwatch COMMAND [ARGUMENT]... runs it and says how many KiB of the host's free
 * memory were in use because of it, at most and when it had ended:
 *
 *	12000 peak
 *	10000 kept
 *
 * Free is also what caches would give back, and what lies on the lists of the
 * processors: some MiB after every large operation, which MemFree leaves out.
 * The status is that of the command. Without one it says how many KiB are not free.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE 500 /* microseconds between two looks */

static int meminfo, zoneinfo;

/* Amounts are in KiB. */
static const char *read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size - 1 && (n = pread(fd, buf + len, size - 1 - len, (off_t)len)) > 0)
		len += (size_t)n;
	buf[len] = '\0';
	return buf;
}

static long field(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

static long total_memory(void)
{
	static char buf[64 << 10];

	return field(read_all(meminfo, buf, sizeof(buf)), "MemTotal:");
}

static long free_memory(void)
{
	static const char *const given_back[] = { "MemFree:", "Active(file):", "Inactive(file):",
						  "SReclaimable:" };
	static char buf[64 << 10];
	const char *at = read_all(meminfo, buf, sizeof(buf));
	long sum = 0;

	for (size_t i = 0; i < sizeof(given_back) / sizeof(given_back[0]); i++)
		sum += field(at, given_back[i]);
	at = read_all(zoneinfo, buf, sizeof(buf));
	while ((at = strstr(at, " count:"))) {
		at += strlen(" count:");
		sum += strtol(at, NULL, 10) * (sysconf(_SC_PAGESIZE) / 1024);
	}
	return sum;
}

int main(int argc, char **argv)
{
	long before, now, least;
	int status = 0;
	pid_t pid;

	meminfo = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	zoneinfo = open("/proc/zoneinfo", O_RDONLY | O_CLOEXEC);
	if (meminfo < 0 || zoneinfo < 0)
		return 2;
	if (argc < 2)
		return printf("%ld used\n", total_memory() - free_memory()) < 0;
	before = least = free_memory();
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, WNOHANG) == 0) {
		now = free_memory();
		least = now < least ? now : least;
		usleep(PAUSE);
	}
	printf("%ld peak\n%ld kept\n", before - least, before - free_memory());
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
