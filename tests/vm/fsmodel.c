// SPDX-License-Identifier: Apache-2.0
/*
 * fsmodel SEED OPERATIONS SUBJECT MODEL
 *
 * Does the same random operations in two directories, one on visorfs and one
 * on a file system that is trusted (tmpfs), and compares the result and errno
 * of each, and now and then both trees: names, types, modes, sizes, link
 * counts, blocks, contents, holes. Exit 0: alike; 1: a difference, printed with the seed and
 * the number of the operation; 2: usage.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES 9
#define DEPTH 3
#define FILE_MAX (300 * 1024)
#define COMPARE_EVERY 500

static const char *roots[2];
static uint64_t state;
static unsigned long step;
static int allocating; /* even seeds: fallocate() is among the operations */
static int trace;      /* FSMODEL_TRACE: print every operation */

static uint32_t rnd(uint32_t below)
{
	/* splitmix64: the same numbers on every machine */
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (uint32_t)((z ^ (z >> 31)) % below);
}

static _Noreturn void differ(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void differ(const char *fmt, ...)
{
	va_list ap;

	printf("operation %lu: ", step);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	exit(1);
}

static void pick(char *path, size_t size)
{
	uint32_t depth = 1 + rnd(DEPTH);
	size_t len = 0;

	for (uint32_t i = 0; i < depth; i++)
		len += (size_t)snprintf(path + len, size - len, "/n%u", rnd(NAMES));
}

static void at(char *full, int side, const char *path)
{
	snprintf(full, PATH_MAX, "%s%s", roots[side], path);
}

struct op {
	int kind;
	char a[64];
	char b[64];
	uint32_t off;
	uint32_t len;
	uint32_t mode;
	uint32_t fill;
};

enum {
	CREATE,
	WRITE,
	MAPPED,
	TRUNCATE,
	UNLINK,
	MKDIR,
	RMDIR,
	RENAME,
	EXCHANGE,
	LINK,
	SYMLINK,
	CHMOD,
	APPEND,
	PUNCH,
	ALLOCATE,
	KINDS
};

static const char *const names[KINDS] = { "create",  "write", "mapped", "truncate", "unlink",
					  "mkdir",   "rmdir", "rename", "exchange", "link",
					  "symlink", "chmod", "append", "punch",    "allocate" };

static int write_file(const char *path, int flags, const struct op *op)
{
	static unsigned char buf[FILE_MAX];
	int fd = open(path, flags | O_CLOEXEC, 0644);
	int ret;

	if (fd < 0)
		return -errno;
	memset(buf, (int)op->fill, op->len);
	ret = (int)pwrite(fd, buf, op->len, op->off);
	if (ret < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int write_mapped(const char *path, const struct op *op)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat st;
	char *map;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size) {
		close(fd);
		return 0;
	}
	map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -errno;
	for (uint32_t i = 0; i < 5; i++)
		map[((uint64_t)op->off * 7919 + (uint64_t)i * op->len) % (uint64_t)st.st_size] =
			(char)op->fill;
	munmap(map, (size_t)st.st_size);
	return 0;
}

static int change_space(const char *path, int mode, const struct op *op)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = fallocate(fd, mode, op->off, op->len) ? -errno : 0;
	close(fd);
	return ret;
}

static int run(const struct op *op, int side)
{
	char a[PATH_MAX], b[PATH_MAX];
	int ret;

	at(a, side, op->a);
	at(b, side, op->b);
	switch (op->kind) {
	case CREATE:
		ret = open(a, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600 | (op->mode & 077));
		if (ret >= 0)
			close(ret);
		return ret < 0 ? -errno : 0;
	case WRITE:
		return write_file(a, O_CREAT | O_WRONLY, op);
	case APPEND:
		return write_file(a, O_WRONLY | O_APPEND, op);
	case ALLOCATE:
		return change_space(a, op->mode & 1 ? FALLOC_FL_KEEP_SIZE : 0, op);
	case PUNCH:
		return change_space(a, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, op);
	case MAPPED:
		return write_mapped(a, op);
	case TRUNCATE:
		ret = truncate(a, op->off);
		break;
	case UNLINK:
		ret = unlink(a);
		break;
	case MKDIR:
		ret = mkdir(a, 0755);
		break;
	case RMDIR:
		ret = rmdir(a);
		break;
	case RENAME:
		ret = rename(a, b);
		break;
	case EXCHANGE:
		ret = renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
		break;
	case LINK:
		ret = link(a, b);
		break;
	case SYMLINK:
		/* Relative: an absolute one leads out of both, to where others work too. */
		ret = symlink(op->b + 1, a);
		break;
	default:
		ret = chmod(a, op->mode);
	}
	return ret ? -errno : 0;
}

static void compare_contents(const char *pa, const char *pb, off_t size)
{
	static char a[64 * 1024], b[64 * 1024];
	int fa = open(pa, O_RDONLY | O_CLOEXEC), fb = open(pb, O_RDONLY | O_CLOEXEC);

	if (fa < 0 || fb < 0)
		differ("%s: cannot be opened (%d, %d)", pa, fa, fb);
	for (off_t done = 0; done < size;) {
		ssize_t na = read(fa, a, sizeof(a)), nb = read(fb, b, sizeof(b));

		if (na != nb || na <= 0 || memcmp(a, b, (size_t)na))
			differ("%s: contents differ behind %ld", pa, (long)done);
		done += na;
	}
	close(fa);
	close(fb);
}

static void compare_links(const char *pa, const char *pb)
{
	char a[PATH_MAX], b[PATH_MAX];
	ssize_t na = readlink(pa, a, sizeof(a)), nb = readlink(pb, b, sizeof(b));

	if (na != nb || na <= 0 || memcmp(a, b, (size_t)na))
		differ("%s: links to something else", pa);
}

/* Data and holes lie at the same places. */
static void compare_holes(const char *pa, const char *pb, off_t size)
{
	int fa = open(pa, O_RDONLY | O_CLOEXEC), fb = open(pb, O_RDONLY | O_CLOEXEC);
	int whence = SEEK_DATA;

	for (off_t at = 0; at < size;) {
		off_t a = lseek(fa, at, whence), b = lseek(fb, at, whence);

		if (a != b)
			differ("%s: %s behind %ld is at %ld, in the model at %ld", pa,
			       whence == SEEK_DATA ? "data" : "hole", (long)at, (long)a, (long)b);
		if (a < 0)
			break;
		at = a;
		whence = whence == SEEK_DATA ? SEEK_HOLE : SEEK_DATA;
	}
	close(fa);
	close(fb);
}

static int count(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

static void compare(const char *path);

static void compare_dir(const char *path)
{
	char pa[PATH_MAX], pb[PATH_MAX], sub[PATH_MAX];

	at(pa, 0, path);
	at(pb, 1, path);
	if (count(pa) != count(pb))
		differ("%s: %d names, model has %d", pa, count(pa), count(pb));
	for (int i = 0; i < NAMES; i++) {
		snprintf(sub, sizeof(sub), "%s/n%d", path, i);
		compare(sub);
	}
}

static void compare(const char *path)
{
	char pa[PATH_MAX], pb[PATH_MAX];
	struct stat a, b;
	int ra, rb;

	at(pa, 0, path);
	at(pb, 1, path);
	ra = lstat(pa, &a) ? errno : 0;
	rb = lstat(pb, &b) ? errno : 0;
	if (ra != rb)
		differ("%s: stat gives %d, model %d", pa, ra, rb);
	if (ra)
		return;
	if (a.st_mode != b.st_mode || a.st_nlink != b.st_nlink)
		differ("%s: mode %o nlink %lu, model %o %lu", pa, a.st_mode,
		       (unsigned long)a.st_nlink, b.st_mode, (unsigned long)b.st_nlink);
	if (S_ISDIR(a.st_mode)) {
		compare_dir(path);
		return;
	}
	if (S_ISLNK(a.st_mode))
		compare_links(pa, pb);
	if (a.st_size != b.st_size)
		differ("%s: size %ld, model %ld", pa, (long)a.st_size, (long)b.st_size);
	if (S_ISREG(a.st_mode)) {
		compare_contents(pa, pb, a.st_size);
		/* With pages allocated ahead, tmpfs sees holes and frees at other times. */
		if (allocating)
			return;
		if (a.st_blocks != b.st_blocks)
			differ("%s: %ld blocks, model %ld", pa, (long)a.st_blocks,
			       (long)b.st_blocks);
		compare_holes(pa, pb, a.st_size);
	}
}

static void step_once(void)
{
	struct op op = { .kind = (int)rnd(allocating ? KINDS : ALLOCATE) };
	int a, b;

	pick(op.a, sizeof(op.a));
	pick(op.b, sizeof(op.b));
	op.off = rnd(FILE_MAX);
	op.len = 1 + rnd(rnd(3) ? 5000 : FILE_MAX - 1);
	op.mode = 0600 | rnd(0100);
	op.fill = rnd(256);
	a = run(&op, 0);
	/* A directory that tardisks have a part in does not move (docs/visorfs.md). */
	if (a == -EXDEV && (op.kind == RENAME || op.kind == EXCHANGE))
		return;
	b = run(&op, 1);
	if (trace)
		printf("%lu %s %s %s off %u len %u mode %o: %d\n", step, names[op.kind], op.a, op.b,
		       op.off, op.len, op.mode, a);
	if (a != b)
		differ("%s %s %s off %u len %u: gives %d, model %d", names[op.kind], op.a, op.b,
		       op.off, op.len, a, b);
}

int main(int argc, char **argv)
{
	unsigned long steps;

	if (argc != 5) {
		fprintf(stderr, "usage: fsmodel SEED OPERATIONS SUBJECT MODEL\n");
		return 2;
	}
	state = strtoull(argv[1], NULL, 0);
	allocating = state % 2 == 0;
	steps = strtoul(argv[2], NULL, 0);
	trace = getenv("FSMODEL_TRACE") != NULL;
	roots[0] = argv[3];
	roots[1] = argv[4];
	for (step = 1; step <= steps; step++) {
		step_once();
		if (step % COMPARE_EVERY == 0)
			compare_dir("");
	}
	compare_dir("");
	printf("%lu operations, seed %s: alike\n", steps, argv[1]);
	return 0;
}
