// SPDX-License-Identifier: Apache-2.0
/*
 * switchrace make DIR a|b FILES
 * switchrace DIR A B OPENS SWITCHES READERS [torn]
 *
 * Two tardisks A and B, made of what the first form writes, have the same
 * names but for one each. One is switched for the other again and again in
 * DIR while readers look: opens, stats, links, names that come and go, lists
 * of directories. Every look tells a version. Nothing may ever be missing,
 * and a reader that has seen the new version never sees the old one after it.
 *
 * "torn" switches in two steps, and so must fail: it proves that the readers see.
 *
 * Exit 0: no mistake; 1: mistakes, counted; 2: usage.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "vfsctl.h"

/* Shared by all processes. */
static struct shared {
	atomic_ulong sequence; /* odd: a switch is going on */
	atomic_ulong opens, pairs, missing, mixes, judged;
	atomic_bool stop;
} * shared;

static uint32_t files;
static uint64_t state;

static uint32_t rnd(uint32_t below)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (uint32_t)((z ^ (z >> 31)) % below);
}

static void file_name(char *buf, size_t len, uint32_t n)
{
	snprintf(buf, len, "set/d%u/f%u", n % 7, n);
}

/* Each look answers 'a' or 'b', or 0 if something is missing that must be there. */

static char by_content(void)
{
	char path[64], version = 0;
	int fd;

	file_name(path, sizeof(path), rnd(files));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	atomic_fetch_add(&shared->opens, 1);
	if (fd < 0)
		return 0;
	if (read(fd, &version, 1) != 1)
		version = 0;
	close(fd);
	return version;
}

static char by_size(void)
{
	char path[64];
	struct stat st;

	file_name(path, sizeof(path), rnd(files));
	if (stat(path, &st))
		return 0;
	return st.st_size == 2 ? 'a' : 'b';
}

static char by_link(void)
{
	char target = 0;

	return readlink("set/link", &target, 1) == 1 ? target : 0;
}

/* A directory of its own comes with one and goes with the other. */
static char by_absence(void)
{
	int fd = open("set/only-a/x", O_RDONLY | O_CLOEXEC);

	atomic_fetch_add(&shared->opens, 1);
	if (fd < 0)
		return errno == ENOENT ? 'b' : 0;
	close(fd);
	return 'a';
}

/* What a directory is listed into. */
static char buf[65536];

/* One call lists all of a directory; it must be of one version, and whole. */
static char by_list(void)
{
	int fd = open("set/d0", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint32_t names = 0;
	bool a = false, b = false;
	long n;

	if (fd < 0)
		return 0;
	n = syscall(SYS_getdents64, fd, buf, sizeof(buf));
	close(fd);
	for (long at = 0; at < n;) {
		struct dirent64 *e = (struct dirent64 *)(buf + at);

		a |= !strcmp(e->d_name, "extra-a");
		b |= !strcmp(e->d_name, "extra-b");
		names += e->d_name[0] == 'f';
		at += e->d_reclen;
	}
	if (a == b || names != (files + 6) / 7)
		return 0;
	return a ? 'a' : 'b';
}

static char look(void)
{
	static char (*const kinds[])(void) = { by_content, by_content, by_content, by_content,
					       by_size,	   by_link,    by_absence, by_list };

	return kinds[rnd(8)]();
}

/*
 * Two looks, one after the other. Version number n (a for even ones) holds
 * from sequence 2n on; at 2n+1 the switch to the next is on its way.
 */
static void judge(void)
{
	unsigned long before = atomic_load(&shared->sequence), after;
	char first = look(), second = look();
	char old, new;

	after = atomic_load(&shared->sequence);
	atomic_fetch_add(&shared->pairs, 1);
	if (!first || !second) {
		atomic_fetch_add(&shared->missing, 1);
		return;
	}
	old = before / 2 % 2 ? 'b' : 'a';
	new = old == 'a' ? 'b' : 'a';
	if (after > before / 2 * 2 + 2)
		return; /* too much has happened in between to tell */
	atomic_fetch_add(&shared->judged, 1);
	if (before == after && !(before & 1)) {
		if (first != old || second != old)
			atomic_fetch_add(&shared->mixes, 1);
	} else if (first == new &&second == old) {
		atomic_fetch_add(&shared->mixes, 1);
	}
}

static pid_t start_reader(uint64_t seed)
{
	pid_t pid = fork();

	if (!pid) {
		state = seed;
		memset(buf, 1, sizeof(buf)); /* a call may end early where it faults */
		while (!atomic_load(&shared->stop))
			judge();
		_exit(0);
	}
	return pid;
}

static int change(const char *in, const char *out, struct err *e)
{
	struct visorfs_attach attach = { .fd = in ? open(in, O_RDONLY | O_CLOEXEC) : -1 };
	struct visorfs_detach detach = { 0 };
	int ret;

	if (in)
		snprintf(attach.name, sizeof(attach.name), "%s", strrchr(in, '/') + 1);
	if (out)
		snprintf(detach.name, sizeof(detach.name), "%s", strrchr(out, '/') + 1);
	detach.flags = VISORFS_DETACH_FORCE; /* readers hold files open */
	ret = vfs_switch(".", &attach, !!in, &detach, !!out, e);
	if (in)
		close(attach.fd);
	return ret;
}

static int switch_all(char **td, unsigned long opens, unsigned long switches, bool torn,
		      struct err *e)
{
	for (unsigned long n = 0; n < switches; n++) {
		const char *out = td[n % 2], *in = td[(n + 1) % 2];
		int ret;

		while (atomic_load(&shared->opens) < opens / switches * n)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		atomic_fetch_add(&shared->sequence, 1);
		if (torn)
			ret = change(in, NULL, e) ?: change(NULL, out, e);
		else
			ret = change(in, out, e);
		if (ret)
			return ret;
		atomic_fetch_add(&shared->sequence, 1);
	}
	return 0;
}

static int race(char **argv)
{
	char *td[2] = { argv[2], argv[3] };
	unsigned long opens = strtoul(argv[4], NULL, 0), switches = strtoul(argv[5], NULL, 0);
	int readers = atoi(argv[6]);
	struct err e = ERR_INIT;
	int ret;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || chdir(argv[1]) || change(td[0], NULL, &e)) {
		fprintf(stderr, "switchrace: %s: %s\n", argv[1], e.text);
		return 2;
	}
	for (char path[64];; files++) {
		file_name(path, sizeof(path), files);
		if (access(path, F_OK))
			break;
	}
	for (int i = 0; i < readers; i++)
		start_reader((uint64_t)i * 1000003 + 1);
	setpriority(PRIO_PROCESS, 0, -10);
	ret = switch_all(td, opens, switches, argv[7] != NULL, &e);
	while (!ret && atomic_load(&shared->opens) < opens)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	atomic_store(&shared->stop, true);
	while (wait(NULL) > 0)
		;
	if (ret || change(NULL, td[switches % 2], &e)) {
		fprintf(stderr, "switchrace: %s\n", e.text);
		return 2;
	}
	printf("%lu switches, %lu opens, %lu pairs of looks, %lu of them judged: %lu missing, "
	       "%lu mixed\n",
	       switches, atomic_load(&shared->opens), atomic_load(&shared->pairs),
	       atomic_load(&shared->judged), atomic_load(&shared->missing),
	       atomic_load(&shared->mixes));
	return atomic_load(&shared->missing) || atomic_load(&shared->mixes);
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return ok ? 0 : -1;
}

static int make(const char *dir, const char *version, uint32_t count)
{
	const char *text = *version == 'a' ? "a\n" : "bb\n";
	char path[64], only[64];
	int ret = chdir(dir) ?: mkdir("set", 0755);

	for (uint32_t i = 0; !ret && i < 7; i++) {
		snprintf(path, sizeof(path), "set/d%u", i);
		ret = mkdir(path, 0755);
	}
	for (uint32_t i = 0; !ret && i < count; i++) {
		file_name(path, sizeof(path), i);
		ret = put(path, text);
	}
	snprintf(path, sizeof(path), "set/d0/extra-%s", version);
	snprintf(only, sizeof(only), "set/only-%s", version);
	ret = ret ?: put(path, text) ?: mkdir(only, 0755) ?: symlink(version, "set/link");
	snprintf(path, sizeof(path), "set/only-%s/x", version);
	if (ret || put(path, text)) {
		perror(dir);
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "make"))
		return make(argv[2], argv[3], (uint32_t)strtoul(argv[4], NULL, 0));
	if (argc == 7 || argc == 8)
		return race(argv);
	fprintf(stderr,
		"usage: switchrace make DIR a|b FILES | DIR A B OPENS SWITCHES READERS [torn]\n");
	return 2;
}
