// SPDX-License-Identifier: Apache-2.0
/* What the network process cannot do any more: tried by a process that has gone in. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/hostd/sandbox.h"

typedef int attempt(void); /* 0: it was done */

static int open_file(void)
{
	return open("/", O_RDONLY) < 0 ? -1 : 0;
}

static int make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? -1 : 0;
}

static int start_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : 0;
}

static int run_program(void)
{
	char *const argv[] = { (char[]){ "true" }, NULL };

	execv("/proc/self/exe", argv);
	return -1; /* if it worked, the program ends with another code than ours */
}

static int make_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) == MAP_FAILED
		       ? -1
		       : 0;
}

static int turn_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static int look_at_another(void)
{
	return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static int kill_another(void)
{
	return kill(getppid(), 0);
}

static int become_root(void)
{
	return setuid(0);
}

static int move_bytes(void)
{
	return malloc(1 << 20) && getpid() > 0 ? 0 : -1;
}

/* 0: done, 1: refused. */
static int inside(attempt *try)
{
	char folder[] = "/tmp/sandbox-XXXXXX";
	int status;
	pid_t pid;

	assert_non_null(mkdtemp(folder));
	pid = fork();
	if (pid == 0) {
		struct err e = ERR_INIT;

		if (sandbox_enter(folder, &e) < 0)
			_exit(9);
		_exit(try() == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rmdir(folder);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void refused(void **state)
{
	static attempt *const tries[] = { open_file,	   make_socket,	 start_process,
					  run_program,	   make_code,	 turn_code,
					  look_at_another, kill_another, become_root };

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		assert_int_equal(inside(tries[i]), 1);
}

static void works(void **state)
{
	(void)state;
	assert_int_equal(inside(move_bytes), 0);
}

/* The control: the same attempts in a process that has not gone in. */
static void outside(void **state)
{
	(void)state;
	assert_int_equal(open_file(), 0);
	assert_int_equal(make_socket(), 0);
	assert_int_equal(start_process(), 0);
	assert_int_equal(make_code(), 0);
	assert_int_equal(turn_code(), 0);
	assert_int_equal(kill_another(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outside),
		cmocka_unit_test(refused),
		cmocka_unit_test(works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
