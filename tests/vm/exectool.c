// SPDX-License-Identifier: Apache-2.0
/*
 * exectool WAY [FILE]: tries one way to get code to run. Exit codes: 0 it ran,
 * 1 it was refused (and with which error), 3 the attempt itself went wrong.
 * FILE begins with the code that "exectool code FILE" writes, or is a program.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096UL
#define RX (PROT_READ | PROT_EXEC)
#define RW (PROT_READ | PROT_WRITE)
#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)

static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* return 42; */

static void __attribute__((noreturn)) wrong(const char *what)
{
	fprintf(stderr, "exectool: %s: %s\n", what, strerror(errno));
	exit(3);
}

static int refused(const char *what)
{
	printf("%s: %s\n", what, strerrorname_np(errno));
	return 1;
}

/* Runs what is there, if it is our code; a program's text is just there. */
static int run(const void *at, const char *what)
{
	int (*f)(void);

	if (at == MAP_FAILED)
		return refused(what);
	memcpy(&f, &at, sizeof(f));
	if (!memcmp(at, code, sizeof(code)) && f() != 42)
		wrong("the code");
	puts("ran");
	return 0;
}

static int protect_and_run(void *at, int prot, const char *what)
{
	if (at == MAP_FAILED)
		return refused("mmap");
	return mprotect(at, PAGE, prot) ? refused(what) : run(at, what);
}

static int must_open(const char *file, int flags)
{
	int fd = open(file, flags | O_CLOEXEC, 0755);

	if (fd < 0)
		wrong(file);
	return fd;
}

static void *map(int fd, int prot, int flags)
{
	return mmap(NULL, PAGE, prot, flags | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
}

static void write_code(int fd)
{
	if (write(fd, code, sizeof(code)) != sizeof(code) || ftruncate(fd, PAGE))
		wrong("write");
}

static int memory_fd(void)
{
	int fd = memfd_create("code", 0);

	if (fd < 0)
		wrong("memfd");
	return fd;
}

/* exec, with the answer of the child: 1 and errno text if it was refused. */
static int exec_fd(int fd, const char *path, char *const argv[])
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

static int way_exec(const char *file)
{
	return exec_fd(-1, file, (char *[]){ "true", NULL });
}

static int way_execveat(const char *file)
{
	return exec_fd(must_open(file, O_PATH), "", (char *[]){ "true", NULL });
}

static int way_proc_fd(const char *file)
{
	char path[64];
	int fd = open(file, O_RDONLY);

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
	return exec_fd(-1, path, (char *[]){ "true", NULL });
}

static int way_loader(const char *file)
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

static int way_access(const char *file)
{
	return access(file, X_OK) ? refused("access") : (puts("ran"), 0);
}

static int way_map(const char *file)
{
	return run(map(must_open(file, O_RDONLY), RX, MAP_PRIVATE), "mmap");
}

static int way_map_shared(const char *file)
{
	return run(map(must_open(file, O_RDONLY), RX, MAP_SHARED), "mmap");
}

static int way_protect(const char *file)
{
	return protect_and_run(map(must_open(file, O_RDONLY), PROT_READ, MAP_PRIVATE), RX,
			       "mprotect");
}

/* Text that loaders have always changed in place; here it stays as it was. */
static int way_text(const char *file)
{
	void *at = map(must_open(file, O_RDONLY), RX, MAP_PRIVATE);

	if (at == MAP_FAILED)
		return refused("mmap");
	if (mprotect(at, PAGE, PROT_READ))
		wrong("mprotect");
	return protect_and_run(at, RX, "mprotect");
}

static int way_copy(const char *file)
{
	void *at = map(must_open(file, O_RDONLY), RW, MAP_PRIVATE);

	if (at == MAP_FAILED)
		wrong("mmap");
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RX, "mprotect");
}

static int way_copy_rwx(const char *file)
{
	return run(map(must_open(file, O_RDONLY), RWX, MAP_PRIVATE), "mmap");
}

static int way_text_write(const char *file)
{
	return protect_and_run(map(must_open(file, O_RDONLY), RX, MAP_PRIVATE), RWX, "mprotect");
}

static int way_tmpfile(const char *dir)
{
	int fd = must_open(dir, O_TMPFILE | O_RDWR);

	write_code(fd);
	return run(map(fd, RX, MAP_PRIVATE), "mmap");
}

/* The device below another name. */
static int way_node(const char *file)
{
	if (mknod(file, S_IFCHR | 0666, makedev(1, 5)) && errno != EEXIST)
		wrong(file);
	return run(map(must_open(file, O_RDWR), RWX, MAP_PRIVATE), "mmap");
}

static int way_anonymous(const char *unused)
{
	(void)unused;
	return run(map(-1, RWX, MAP_PRIVATE), "mmap");
}

static int way_anonymous_shared(const char *unused)
{
	(void)unused;
	return run(map(-1, RX, MAP_SHARED), "mmap");
}

static int way_anonymous_later(const char *unused)
{
	void *at = map(-1, RW, MAP_PRIVATE);

	(void)unused;
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RX, "mprotect");
}

static int way_shared_later(const char *unused)
{
	void *at = map(-1, RW, MAP_SHARED);

	(void)unused;
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RX, "mprotect");
}

static int way_heap(const char *unused)
{
	unsigned long at = ((unsigned long)sbrk(3 * PAGE) + PAGE) & ~(PAGE - 1);

	(void)unused;
	memcpy((void *)at, code, sizeof(code));
	return protect_and_run((void *)at, RX, "mprotect");
}

static int way_stack(const char *unused)
{
	unsigned char room[3 * PAGE];
	unsigned char *at = room + PAGE - (unsigned long)room % PAGE;

	(void)unused;
	memcpy(at, code, sizeof(code));
	return protect_and_run(at, RWX, "mprotect");
}

/* An address space whose heap is executable without a word. */
static int way_implied(const char *unused)
{
	unsigned char *at;

	(void)unused;
	personality(READ_IMPLIES_EXEC);
	at = sbrk(3 * PAGE);
	at += PAGE - (unsigned long)at % PAGE;
	memcpy(at, code, sizeof(code));
	return run(at, "sbrk");
}

static int way_memfd(const char *unused)
{
	int fd = memory_fd();

	(void)unused;
	write_code(fd);
	return run(map(fd, RX, MAP_PRIVATE), "mmap");
}

static int way_memfd_exec(const char *file)
{
	int from = must_open(file, O_RDONLY), fd = memory_fd();
	char buf[65536];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		if (write(fd, buf, (size_t)n) != n)
			wrong("memfd");
	return exec_fd(fd, "", (char *[]){ "true", NULL });
}

static int way_shm(const char *unused)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0700);
	void *at;

	(void)unused;
	if (id < 0)
		wrong("shmget");
	at = shmat(id, NULL, 0);
	memcpy(at, code, sizeof(code));
	at = shmat(id, NULL, SHM_EXEC);
	shmctl(id, IPC_RMID, NULL);
	return run(at, "shmat");
}

/* Through the door for debuggers that every process has to itself. */
static int way_own_memory(const char *file)
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

static int way_code(const char *file)
{
	write_code(must_open(file, O_WRONLY | O_CREAT | O_TRUNC));
	return 0;
}

/* Keeps a mapping of code, as a program keeps its libraries. */
static int way_hold(const char *file)
{
	void *at = map(must_open(file, O_RDONLY), RX, MAP_PRIVATE);

	if (at == MAP_FAILED)
		return refused("mmap");
	puts("held");
	fflush(stdout);
	pause();
	return 0;
}

/* The same of all pages of the file, each touched. */
static int way_hold_all(const char *file)
{
	int fd = must_open(file, O_RDONLY);
	size_t size = (size_t)lseek(fd, 0, SEEK_END);
	volatile char *at = mmap(NULL, size, RX, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		return refused("mmap");
	for (size_t i = 0; i < size; i += PAGE)
		at[i];
	puts("held");
	fflush(stdout);
	pause();
	return 0;
}

/* Everything that makes mappings of a mapping, and ends some of them. */
static int way_mappings(const char *file)
{
	int fd = must_open(file, O_RDONLY);
	char *at = mmap(NULL, 16 * PAGE, RX, MAP_PRIVATE, fd, 0), *moved;

	if (at == MAP_FAILED)
		return refused("mmap");
	if (mprotect(at + 4 * PAGE, PAGE, PROT_READ) || mprotect(at + 8 * PAGE, PAGE, PROT_NONE) ||
	    munmap(at + 6 * PAGE, PAGE) || mprotect(at + 4 * PAGE, PAGE, RX))
		wrong("mprotect");
	moved = mremap(at, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	if (moved == MAP_FAILED || mmap(at + 12 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED,
					fd, 12 * PAGE) == MAP_FAILED)
		wrong("mremap");
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			munmap(moved, PAGE);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	puts("ran");
	return 0;
}

static void meet(volatile int *met, int round)
{
	__atomic_add_fetch(met, 1, __ATOMIC_SEQ_CST);
	while (*met < 2 * round)
		sched_yield();
}

/* One process changes DIR/0, DIR/1 ... while the other takes each for code: never both. */
static int way_race(const char *dir)
{
	volatile int *met = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int mapped = 0, both = 0, round = 0;
	pid_t child = fork();
	char path[256];

	for (int i = 0;; i++) {
		void *at = MAP_FAILED;
		int fd;

		snprintf(path, sizeof(path), "%s/%d", dir, i);
		if (access(path, F_OK))
			break;
		meet(met, ++round);
		for (volatile int pause = child ? 0 : i * 37 % 4000; pause; pause--)
			;
		if (child) {
			fd = must_open(path, O_RDONLY);
			at = map(fd, RX, MAP_PRIVATE);
			mapped += at != MAP_FAILED;
		} else {
			fd = open(path, O_WRONLY | O_CLOEXEC);
			if (fd >= 0 && write(fd, "x", 1) != 1 && errno != ETXTBSY)
				wrong(path);
		}
		meet(met, ++round);
		if (child && at != MAP_FAILED) {
			both += *(char *)at == 'x';
			munmap(at, PAGE);
		}
		close(fd);
	}
	if (!child)
		exit(0);
	wait(NULL);
	printf("%d rounds, %d mapped, %d both\n", round / 2, mapped, both);
	return both != 0;
}

static const struct {
	const char *name;
	int (*run)(const char *file);
} ways[] = {
	{ "exec", way_exec },
	{ "execveat", way_execveat },
	{ "proc-fd", way_proc_fd },
	{ "loader", way_loader },
	{ "access", way_access },
	{ "map", way_map },
	{ "map-shared", way_map_shared },
	{ "protect", way_protect },
	{ "text", way_text },
	{ "copy", way_copy },
	{ "copy-rwx", way_copy_rwx },
	{ "text-write", way_text_write },
	{ "tmpfile", way_tmpfile },
	{ "node", way_node },
	{ "anonymous", way_anonymous },
	{ "anonymous-shared", way_anonymous_shared },
	{ "anonymous-later", way_anonymous_later },
	{ "shared-later", way_shared_later },
	{ "heap", way_heap },
	{ "stack", way_stack },
	{ "implied", way_implied },
	{ "memfd", way_memfd },
	{ "memfd-exec", way_memfd_exec },
	{ "shm", way_shm },
	{ "own-memory", way_own_memory },
	{ "code", way_code },
	{ "mappings", way_mappings },
	{ "race", way_race },
	{ "hold", way_hold },
	{ "hold-all", way_hold_all },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc >= 2 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(ways[i].name, argv[1]))
			return ways[i].run(argv[2]);
	fprintf(stderr, "usage: exectool WAY [FILE]\n");
	return 2;
}
