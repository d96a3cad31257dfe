// SPDX-License-Identifier: Apache-2.0
/*
 * vfstool DIR COMMAND...: visorfs from a test's shell. DIR is any directory
 * on the file system meant. Exit codes as in docs/errors.md.
 *
 *	switch [+FILE | -NAME | WORD]...	attach and detach as one; discard, force,
 *					compressed, verify and root=HEX hold for what follows
 *	ramdisk NAME MAX INODES [MIN]	make DIR a ramdisk
 *	provider FILE			tardisk, ramdisk, flags, bytes charged
 *	state				changed state files
 *	poke FILE OFFSET		changes one byte through a shared mapping
 *	versions PATH			who has it, newest first
 *	shipped PATH INDEX		contents of that version
 *	watch PATH			until SIGTERM; then what inotify has said of it
 *	map FILE			reads it through a mapping; prints the sum of its bytes
 *	check				invariants: names, files, violations, the first of them
 *	hold FILE SECONDS		keeps FILE open, then prints its first line
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <errno.h>
#include <unistd.h>

#include "err.h"
#include "vfsctl.h"

#define MOST 64

static int take_root(const char *hex, struct visorfs_attach *a, struct err *e)
{
	for (size_t i = 0; i < VISORFS_HASH_SIZE; i++)
		if (strlen(hex) != 2 * VISORFS_HASH_SIZE ||
		    sscanf(hex + 2 * i, "%2hhx", &a->root_hash[i]) != 1)
			return err_set(e, ERR_USAGE, "%s: no root hash", hex);
	a->flags |= VISORFS_ATTACH_ROOT_HASH;
	return 0;
}

static int cmd_switch(const char *dir, char **argv, struct err *e)
{
	struct visorfs_attach attach[MOST] = { 0 }, how = { 0 };
	struct visorfs_detach detach[MOST] = { 0 };
	size_t in = 0, out = 0;
	uint32_t flags = 0;

	for (; *argv && in < MOST && out < MOST; argv++) {
		const char *word = *argv, *base = strrchr(word, '/');

		if (!strcmp(word, "discard")) {
			flags |= VISORFS_DETACH_DISCARD;
		} else if (!strcmp(word, "force")) {
			flags |= VISORFS_DETACH_FORCE;
		} else if (!strcmp(word, "compressed")) {
			how.flags |= VISORFS_ATTACH_COMPRESSED;
		} else if (!strcmp(word, "verify")) {
			how.flags |= VISORFS_ATTACH_VERIFY;
		} else if (!strncmp(word, "root=", 5)) {
			if (take_root(word + 5, &how, e))
				return -1;
		} else if (*word == '+') {
			attach[in] = how;
			attach[in].fd = open(word + 1, O_RDONLY | O_CLOEXEC);
			if (attach[in].fd < 0)
				return err_sys(e, errno, "open %s", word + 1);
			snprintf(attach[in].name, sizeof(attach[in].name), "%s",
				 base ? base + 1 : word + 1);
			in++;
		} else {
			detach[out].flags = flags;
			snprintf(detach[out].name, sizeof(detach[out].name), "%s", word + 1);
			out++;
		}
	}
	return vfs_switch(dir, attach, in, detach, out, e);
}

static int cmd_provider(const char *file, struct err *e)
{
	struct visorfs_provider p;

	if (vfs_provider(file, &p, e))
		return -1;
	printf("tardisk=%s ramdisk=%s branched=%d state=%d charged=%" PRIu64 "\n", p.tardisk,
	       p.ramdisk, !!(p.flags & VISORFS_FILE_BRANCHED), !!(p.flags & VISORFS_FILE_STATE),
	       (uint64_t)p.charged);
	return 0;
}

static int cmd_state(const char *dir, struct err *e)
{
	struct visorfs_state *state = calloc(1, sizeof(*state));
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = -1;

	if (!state || fd < 0)
		err_sys(e, errno, "open %s", dir);
	else
		while ((ret = vfs_state_next(fd, state, e)) > 0)
			printf("%s%s\n", state->path,
			       state->flags & VISORFS_STATE_DELETED ? " deleted" : "");
	if (fd >= 0)
		close(fd);
	free(state);
	return ret;
}

static int cmd_poke(const char *file, const char *offset, struct err *e)
{
	int fd = open(file, O_RDWR | O_CLOEXEC);
	struct stat st;
	char *map;

	if (fd < 0 || fstat(fd, &st))
		return err_sys(e, errno, "open %s", file);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return err_sys(e, errno, "map %s", file);
	map[strtoul(offset, NULL, 0)] ^= 1;
	munmap(map, (size_t)st.st_size);
	return 0;
}

static int cmd_versions(const char *dir, const char *path, struct err *e)
{
	struct visorfs_version *v = calloc(1, sizeof(*v));
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret = -1;

	for (uint32_t i = 0; v && (ret = vfs_version(fd, path, i, false, v, e)) == 1; i++)
		printf("%s%s%s%s mode=%o size=%" PRIu64 "\n",
		       v->tardisk[0] ? v->tardisk : "ramdisk",
		       v->flags & VISORFS_VERSION_VISIBLE ? " visible" : "",
		       v->flags & VISORFS_VERSION_DELETED ? " deleted" : "",
		       v->flags & VISORFS_VERSION_CHANGED ? " changed" : "", v->mode,
		       (uint64_t)v->bytes);
	free(v);
	close(fd);
	return ret;
}

static int cmd_shipped(const char *dir, const char *path, const char *index, struct err *e)
{
	struct visorfs_version *v = calloc(1, sizeof(*v));
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret = -1;
	char buf[65536];
	ssize_t n = -1;

	if (v)
		ret = vfs_version(fd, path, (uint32_t)strtoul(index, NULL, 0), true, v, e);
	if (ret == 1) {
		while ((n = read(v->fd, buf, sizeof(buf))) > 0)
			fwrite(buf, 1, (size_t)n, stdout);
		ret = n < 0 ? err_sys(e, errno, "read") : 0;
	} else if (!ret) {
		ret = err_set(e, ERR_NOT_FOUND, "%s: no such version", path);
	}
	free(v);
	close(fd);
	return ret;
}

static int cmd_watch(const char *path, struct err *e)
{
	char buf[4096] __attribute__((aligned(8)));
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), sig;
	sigset_t term;
	ssize_t n;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	if (inotify_add_watch(fd, path, IN_CREATE | IN_DELETE | IN_DELETE_SELF) < 0)
		return err_sys(e, errno, "watch %s", path);
	sigwait(&term, &sig);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n;) {
			struct inotify_event *event = (struct inotify_event *)p;

			printf("%s%s%s%s %s\n", event->mask & IN_CREATE ? "create" : "",
			       event->mask & IN_DELETE ? "delete" : "",
			       event->mask & IN_DELETE_SELF ? "gone" : "",
			       event->mask & IN_ISDIR ? " directory" : "",
			       event->len ? event->name : "");
			p += sizeof(*event) + event->len;
		}
	}
	close(fd);
	return 0;
}

static int cmd_map(const char *file, struct err *e)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	unsigned long sum = 0;
	unsigned char *map;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return err_sys(e, errno, "open %s", file);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return err_sys(e, errno, "map %s", file);
	for (off_t i = 0; i < st.st_size; i++)
		sum += map[i];
	munmap(map, (size_t)st.st_size);
	printf("%lu\n", sum);
	return 0;
}

static int cmd_check(const char *dir, struct err *e)
{
	struct visorfs_check c;

	if (vfs_check(dir, &c, e))
		return -1;
	printf("names=%" PRIu64 " files=%" PRIu64 " violations=%" PRIu32 " %s\n", (uint64_t)c.names,
	       (uint64_t)c.files, c.violations, c.message);
	return c.violations ? err_set(e, ERR_CONFLICT, "%s", c.message) : 0;
}

static int cmd_hold(const char *file, const char *seconds, struct err *e)
{
	FILE *f = fopen(file, "re");
	char line[256] = "";

	if (!f)
		return err_sys(e, errno, "open %s", file);
	sleep((unsigned int)strtoul(seconds, NULL, 0));
	if (fgets(line, sizeof(line), f))
		fputs(line, stdout);
	fclose(f);
	return 0;
}

static int run(int argc, char **argv, struct err *e)
{
	const char *dir = argv[1], *cmd = argv[2];

	if (!strcmp(cmd, "switch"))
		return cmd_switch(dir, argv + 3, e);
	if (!strcmp(cmd, "state"))
		return cmd_state(dir, e);
	if (!strcmp(cmd, "provider") && argc == 4)
		return cmd_provider(argv[3], e);
	if (!strcmp(cmd, "poke") && argc == 5)
		return cmd_poke(argv[3], argv[4], e);
	if (!strcmp(cmd, "versions") && argc == 4)
		return cmd_versions(dir, argv[3], e);
	if (!strcmp(cmd, "shipped") && argc == 5)
		return cmd_shipped(dir, argv[3], argv[4], e);
	if (!strcmp(cmd, "watch") && argc == 4)
		return cmd_watch(argv[3], e);
	if (!strcmp(cmd, "check"))
		return cmd_check(dir, e);
	if (!strcmp(cmd, "map") && argc == 4)
		return cmd_map(argv[3], e);
	if (!strcmp(cmd, "hold") && argc == 5)
		return cmd_hold(argv[3], argv[4], e);
	if (!strcmp(cmd, "ramdisk") && (argc == 6 || argc == 7))
		return vfs_ramdisk_add(dir, argv[3], strtoull(argv[4], NULL, 0),
				       argc == 7 ? strtoull(argv[6], NULL, 0) : 0,
				       strtoull(argv[5], NULL, 0), e);
	return err_set(e, ERR_USAGE, "%s: unknown command or wrong arguments", cmd);
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;

	if (argc < 3) {
		fprintf(stderr, "usage: vfstool DIR COMMAND...\n");
		return err_exit_code(ERR_USAGE);
	}
	if (!run(argc, argv, &e))
		return 0;
	fprintf(stderr, "vfstool: %s\n", e.text);
	return err_exit_code(e.kind);
}
