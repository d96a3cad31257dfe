// SPDX-License-Identifier: Apache-2.0
#include "look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"

static void free_addrs(struct ifaddrs **list)
{
	if (*list)
		freeifaddrs(*list);
}

/* An address that others reach: not one that the adapter gave itself for its own link. */
static bool has_address(const struct ifaddrs *list, const char *name)
{
	for (const struct ifaddrs *a = list; a; a = a->ifa_next)
		if (a->ifa_addr && a->ifa_addr->sa_family == AF_INET &&
		    strcmp(a->ifa_name, name) == 0)
			return true;
	return false;
}

/* Adapters that are devices: bridges and the like have links of their own making. */
static void look_at_network(struct sight *s)
{
	_cleanup_(free_addrs) struct ifaddrs *list = NULL;
	_cleanup_closedir_ DIR *dir = opendir("/sys/class/net");
	char path[512], text[8];
	struct dirent *d;

	if (!dir || getifaddrs(&list) < 0)
		return;
	while ((d = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/class/net/%s/device", d->d_name);
		if (d->d_name[0] == '.' || access(path, F_OK) < 0)
			continue;
		snprintf(path, sizeof(path), "/sys/class/net/%s/carrier", d->d_name);
		if (file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0 ||
		    strcmp(text, "1") != 0)
			continue;
		s->links++;
		s->addresses += has_address(list, d->d_name);
	}
}

static pid_t start(const char *const *argv)
{
	pid_t pid = fork();
	int null;

	if (pid != 0)
		return pid;
	null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

int run_within(const char *const *argv, unsigned int seconds)
{
	const struct timespec step = { .tv_nsec = 50000000 };
	struct timespec begin, now;
	pid_t pid = start(argv);
	int status;

	if (pid < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - begin.tv_sec > (time_t)seconds) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		nanosleep(&step, NULL);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Over its socket, as its probe does (hostd.conf). */
static bool hostd_answers(void)
{
	static const char *const argv[] = { "/usr/bin/visorcli", "system", "version", "get", NULL };

	return run_within(argv, 30) == 0;
}

void look(struct sight *s, struct world_info **worlds)
{
	*s = (struct sight){ 0 };
	*worlds = NULL;
	s->supervisor = world_list(NULL, worlds, &s->n_worlds, NULL) == 0;
	s->worlds = *worlds;
	look_at_network(s);
	s->hostd = hostd_answers();
}

void look_at_log(struct trial *t, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	const char *line;
	off_t from;
	ssize_t n;

	t->len = 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	from = st.st_size > (off_t)sizeof(t->text) ? st.st_size - (off_t)sizeof(t->text) : 0;
	n = pread(fd, t->text, sizeof(t->text), from);
	if (n <= 0)
		return;
	t->len = (size_t)n;
	line = from > 0 ? memchr(t->text, '\n', t->len) : NULL;
	if (!line)
		return;
	t->len -= (size_t)(line + 1 - t->text);
	memmove(t->text, line + 1, t->len);
}
