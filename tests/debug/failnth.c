// SPDX-License-Identifier: Apache-2.0
/*
 * failnth [OPERATION]...
 *
 * Lets the first, second, third... allocation of each operation on visorfs
 * fail, until the operation gets through with none failing. A failure must be
 * clean: an errno that says so, nothing changed, no descriptor left, and the
 * same operation works when it is tried again. After each try everything is
 * removed: then the ramdisk must hold nothing. Runs as root in the guest of
 * "make check-debug". Exit 0: all were clean.
 *
 * failnth --spent is the program that an operation executes: 0 if an
 * allocation of this process has failed, else 3.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "failnth.h"

#define MOST 5000 /* allocations of one operation */

unsigned int fail_at;
int child_failed;

static int nth_fd = -1;
static const struct op *op;
static unsigned int nth;
static unsigned int problems;

void problem(const char *fmt, ...)
{
	va_list ap;

	printf("failnth: %s N=%u: ", op ? op->name : "begin", nth);
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
	check_invariants();
}

/* The operation, with the allocation that is nth failing; whether one did. */
static int run_failing(int *ret)
{
	if (op->flags & ARMS) {
		fail_at = nth;
		child_failed = 0;
		*ret = op->run();
		fail_at = 0;
		return child_failed;
	}
	arm(nth);
	*ret = op->run();
	return disarm();
}

/* Two tries need the same, so the next descriptor has the same number. */
static int next_fd(void)
{
	int fd = dup(nth_fd);

	close(fd);
	return fd;
}

static void run_and_judge(const struct picture *before, struct use was, int *injected, int *failed)
{
	int ret, fd = next_fd();

	*injected = run_failing(&ret);
	*failed = ret != 0;
	if (ret && !*injected)
		problem("failed without cause: %s", strerror(-ret));
	if (ret) {
		if (next_fd() != fd)
			problem("a descriptor is left open");
		check_failure(ret, before, was);
		ret = op->run();
		if (ret)
			problem("tried again it fails: %s", strerror(-ret));
	}
	if (!ret && op->check)
		ret = op->check();
	if (ret)
		problem("it worked, but what it did is wrong: %s", strerror(-ret));
}

static int mounted;

static void unmount(void)
{
	if (umount(MNT))
		problem("umount: %s", strerror(errno));
	mounted = 0;
}

/* Nothing but ONE is there. */
static int begin(void)
{
	int ret = mounted ? do_switch(ONE, NULL, 0) : mount_it();

	mounted = !ret;
	return ret;
}

/* One try with the allocation that is nth; whether one failed at all, and the operation by it. */
static int try_once(int *failed)
{
	struct picture before = { 0 };
	struct use was = { 0 };
	int ret, injected;

	ret = op->flags & UNMOUNTED ? 0 : begin();
	if (!ret && op->prepare)
		ret = op->prepare();
	if (ret) {
		problem("cannot prepare: %s", strerror(-ret));
		umount2(MNT, MNT_DETACH);
		mounted = 0;
		return 0;
	}
	if (!(op->flags & UNMOUNTED)) {
		take_picture(&before);
		was = get_use();
	}
	if (op->flags & UNCACHED)
		put_file("/proc/sys/vm/drop_caches", "2");
	run_and_judge(&before, was, &injected, failed);
	check_empty(!!(op->flags & ROOTED));
	if (op->flags & (UNMOUNTED | ROOTED))
		unmount();
	free(before.text);
	return injected;
}

static void run_op(void)
{
	unsigned int clean = 0, old = problems;
	time_t began = time(NULL);
	int failed = 0;

	for (nth = 1; nth < MOST && problems < old + 10; nth++) {
		if (!try_once(&failed))
			break;
		clean += (unsigned int)failed;
	}
	if (mounted)
		unmount();
	printf("failnth: %-26s %4u allocations, %4u of them needed, %4ld s%s\n", op->name, nth - 1,
	       clean, (long)(time(NULL) - began), problems > old ? ": FAILED" : "");
	fflush(stdout);
}

static int chosen(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], op->name))
			return 1;
	return argc == 1;
}

static void configure(void)
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
}

int main(int argc, char **argv)
{
	static const struct op *const tables[] = { name_ops, data_ops, attr_ops, switch_ops,
						   exec_ops };

	nth_fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0) {
		perror("failnth: /proc/self/fail-nth");
		return 2;
	}
	if (argc == 2 && !strcmp(argv[1], "--spent"))
		return disarm() ? 0 : 3;
	configure();
	mkdir(MNT, 0755);
	count_names();
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (op = tables[i]; op->name; op++)
			if (chosen(argc, argv))
				run_op();
	printf("failnth: %u problems\n", problems);
	return problems != 0;
}
