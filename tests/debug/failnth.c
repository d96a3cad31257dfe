// SPDX-License-Identifier: Apache-2.0
/*
 * failnth [OPERATION]...
 *
 * Lets the first, second, third... allocation of each operation on visorfs
 * fail, until the operation gets through with none failing. A failure must be
 * clean: an errno that says so, nothing changed, and the same operation
 * works when it is tried again. After each try everything is removed: then the
 * ramdisk must hold nothing. Runs as root in the guest of "make check-debug".
 * Exit 0: all were clean.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "failnth.h"
#include "visorfs/uapi/visorfs.h"

#define MOST 5000 /* allocations of one operation */

static int nth_fd = -1;
static const struct op *op;
static unsigned int nth;
static unsigned int problems;

static void problem(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void problem(const char *fmt, ...)
{
	va_list ap;

	printf("failnth: %s N=%u: ", op->name, nth);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	problems++;
}

static void put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("failnth: %s: cannot write: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(nth_fd, text, (size_t)len, 0) != len)
		perror("failnth: /proc/self/fail-nth");
}

/* Whether an allocation failed since arm(). Copying to us may be what fails, here too. */
static int disarm(void)
{
	char text[16] = "1";
	ssize_t n = pread(nth_fd, text, sizeof(text) - 1, 0);

	while (pwrite(nth_fd, "0", 1, 0) != 1)
		;
	return n > 0 && text[0] == '0';
}

/* Everything that can be seen of the tree, as text. */
struct picture {
	char *text;
	size_t len;
	FILE *out;
};

static void picture_file(struct picture *p, const char *path)
{
	char link[PATH_MAX] = "", value[64] = "";
	struct stat st;

	if (lstat(path, &st)) {
		fprintf(p->out, "%s: %s\n", path, strerror(errno));
		return;
	}
	if (S_ISLNK(st.st_mode) && readlink(path, link, sizeof(link) - 1) < 0)
		snprintf(link, sizeof(link), "%s", strerror(errno));
	if (S_ISREG(st.st_mode) && getxattr(path, "user.t", value, sizeof(value) - 1) < 0)
		snprintf(value, sizeof(value), "%s", errno == ENODATA ? "" : strerror(errno));
	fprintf(p->out, "%s %o %lu %u:%u %lu %s %s\n", path, st.st_mode, (unsigned long)st.st_nlink,
		st.st_uid, st.st_gid, S_ISDIR(st.st_mode) ? 0 : (unsigned long)st.st_size, link,
		value);
}

static void picture_dir(struct picture *p, const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, NULL, alphasort);
	char sub[PATH_MAX];

	if (n < 0)
		fprintf(p->out, "%s: %s\n", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (strcmp(list[i]->d_name, ".") != 0 && strcmp(list[i]->d_name, "..") != 0) {
			snprintf(sub, sizeof(sub), "%.2000s/%s", path, list[i]->d_name);
			picture_file(p, sub);
			if (list[i]->d_type == DT_DIR)
				picture_dir(p, sub);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

static void take_picture(struct picture *p)
{
	p->out = open_memstream(&p->text, &p->len);
	picture_file(p, MNT);
	picture_dir(p, MNT);
	fclose(p->out);
}

/* Charged to both ramdisks together, and to the one on MNT/rd, if there is one. */
struct use {
	long pages;
	long inodes;
	long rd;
};

static struct use get_use(void)
{
	static const char *const tops[] = { MNT, MNT "/rd" };
	struct use use = { 0, 0, 0 };
	struct statfs fs;
	long last = -1;

	for (size_t i = 0; i < 2; i++) {
		if (statfs(tops[i], &fs) || (long)fs.f_blocks == last)
			continue;
		last = (long)fs.f_blocks;
		use.pages += (long)(fs.f_blocks - fs.f_bfree);
		use.inodes += (long)(fs.f_files - fs.f_ffree);
		if (i)
			use.rd = (long)(fs.f_blocks - fs.f_bfree + fs.f_files - fs.f_ffree);
	}
	return use;
}

static void compare_pictures(const struct picture *before, const struct picture *after)
{
	size_t i = 0, start = 0;

	if (before->len == after->len && !memcmp(before->text, after->text, before->len))
		return;
	for (; before->text[i] && before->text[i] == after->text[i]; i++)
		if (before->text[i] == '\n')
			start = i + 1;
	problem("the tree changed: was %.*s, is %.*s", (int)strcspn(before->text + start, "\n"),
		before->text + start, (int)strcspn(after->text + start, "\n"), after->text + start);
}

static void check_failure(int ret, const struct picture *before, struct use was)
{
	struct picture after;
	struct use is;

	if (ret != -ENOMEM && ret != -EFAULT)
		problem("errno is %s", strerror(-ret));
	if (op->flags & UNMOUNTED)
		return;
	take_picture(&after);
	if (!(op->flags & PARTIAL))
		compare_pictures(before, &after);
	free(after.text);
	is = get_use();
	if (!(op->flags & GROWS) && (is.pages != was.pages || is.inodes != was.inodes))
		problem("use was %ld pages %ld inodes, is %ld %ld", was.pages, was.inodes, is.pages,
			is.inodes);
	if (is.rd != was.rd)
		problem("the ramdisk rd held %ld, holds %ld", was.rd, is.rd);
}

static void remove_all(const char *path)
{
	DIR *dir = opendir(path);
	char sub[PATH_MAX];
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		snprintf(sub, sizeof(sub), "%.2000s/%s", path, d->d_name);
		if (d->d_type == DT_DIR)
			remove_all(sub);
		if (remove(sub) && errno != EBUSY)
			problem("cannot remove %s: %s", sub, strerror(errno));
	}
	if (dir)
		closedir(dir);
}

static void check_empty(void)
{
	struct use use;

	/* The top of a ramdisk can only go after its ramdisk. */
	remove_all(MNT);
	drop_ramdisk();
	remove_all(MNT);
	use = get_use();
	if (use.pages || use.inodes)
		problem("when all is removed %ld pages %ld inodes are in use", use.pages,
			use.inodes);
	if (umount(MNT))
		problem("umount: %s", strerror(errno));
}

static void check_success(void)
{
	int ret = op->check ? op->check() : 0;

	if (ret)
		problem("it worked, but what it did is wrong: %s", strerror(-ret));
}

/* One try with the allocation that is nth; whether one failed at all, and the operation by it. */
static int try_once(int *failed)
{
	struct picture before = { 0 };
	struct use was = { 0 };
	int ret, injected;

	ret = op->flags & UNMOUNTED ? 0 : mount_it();
	if (!ret && op->prepare)
		ret = op->prepare();
	if (ret) {
		problem("cannot prepare: %s", strerror(-ret));
		umount2(MNT, MNT_DETACH);
		return 0;
	}
	if (!(op->flags & UNMOUNTED)) {
		take_picture(&before);
		was = get_use();
	}
	if (op->flags & UNCACHED)
		put_file("/proc/sys/vm/drop_caches", "2");
	arm(nth);
	ret = op->run();
	injected = disarm();
	*failed = ret != 0;
	if (ret && !injected)
		problem("failed without cause: %s", strerror(-ret));
	if (ret) {
		check_failure(ret, &before, was);
		ret = op->run();
		if (ret)
			problem("tried again it fails: %s", strerror(-ret));
	}
	if (!ret)
		check_success();
	check_empty();
	free(before.text);
	return injected;
}

static void run_op(void)
{
	unsigned int clean = 0, old = problems;
	int failed = 0;

	for (nth = 1; nth < MOST && problems < old + 10; nth++) {
		if (!try_once(&failed))
			break;
		clean += (unsigned int)failed;
	}
	printf("failnth: %-26s %4u allocations, %4u of them needed%s\n", op->name, nth - 1, clean,
	       problems > old ? ": FAILED" : "");
	fflush(stdout);
}

static int chosen(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], op->name))
			return 1;
	return argc == 1;
}

int main(int argc, char **argv)
{
	static const char *const settings[] = {
		"failslab/ignore-gfp-wait",
		"fail_page_alloc/ignore-gfp-wait",
		"fail_page_alloc/ignore-gfp-highmem",
	};
	static const char *const quiet[] = { "failslab/verbose", "fail_page_alloc/verbose",
					     "fail_usercopy/verbose", "fail_page_alloc/min-order" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", settings[i]);
		put_file(path, "N");
	}
	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", quiet[i]);
		put_file(path, "0");
	}
	nth_fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0) {
		perror("failnth: /proc/self/fail-nth");
		return 2;
	}
	mkdir(MNT, 0755);
	for (op = ops; op < ops + op_count; op++)
		if (chosen(argc, argv))
			run_op();
	printf("failnth: %u problems\n", problems);
	return problems != 0;
}
