// SPDX-License-Identifier: Apache-2.0
/* The client against a supervisor of a few lines, one answer per test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/lib/worldctl.h"

static char path[64];
static pid_t server;

static void serve(const char *expect, const char *answer)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(path, sizeof(path), "/tmp/worldctl_test.%d", getpid());
	unlink(path);
	strcpy(at.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	server = fork();
	if (server == 0) {
		char line[256] = "";
		int c = accept(fd, NULL, NULL);
		ssize_t n = read(c, line, sizeof(line) - 1);
		int good = n > 0 && !strcmp(line, expect);

		if (good && write(c, answer, strlen(answer)) < 0)
			_exit(2);
		_exit(good ? 0 : 1);
	}
	close(fd);
}

static void served(void)
{
	int status;

	waitpid(server, &status, 0);
	unlink(path);
	assert_int_equal(status, 0);
}

static void list(void **state)
{
	struct world_info *l = NULL;
	struct err e = ERR_INIT;
	size_t n = 0;

	(void)state;
	serve("list\n", "name=hostd state=running pid=7 restarts=2 essential=no autostart=no "
			"pool=host/vim/vmvisor/hostd since=12\n"
			"name=oomd state=down pid=0 restarts=0 essential=yes autostart=yes "
			"pool=host/system/oomd since=0\n");
	assert_int_equal(world_list(path, &l, &n, &e), 0);
	served();
	assert_int_equal(n, 2);
	assert_string_equal(l[0].name, "hostd");
	assert_string_equal(l[0].state, "running");
	assert_int_equal(l[0].pid, 7);
	assert_int_equal(l[0].restarts, 2);
	assert_false(l[0].essential);
	assert_false(l[0].autostart);
	assert_string_equal(l[0].pool, "host/vim/vmvisor/hostd");
	assert_int_equal(l[0].since, 12);
	assert_true(l[1].essential);
	assert_true(l[1].autostart);
	free(l);
}

static void error_keeps_its_kind(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	serve("start nobody\n", "error not-found no userworld 'nobody'\n");
	assert_int_equal(world_start(path, "nobody", &e), -1);
	served();
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_string_equal(e.text, "no userworld 'nobody'");
}

static void ok_and_garbage(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	serve("restart hostd\n", "ok\n");
	assert_int_equal(world_restart(path, "hostd", &e), 0);
	served();
	serve("shutdown\n", "maybe\n");
	assert_int_equal(world_shutdown(path, &e), -1);
	served();
	assert_int_equal(e.kind, ERR_SYSTEM);
	serve("reload\n", "");
	assert_int_equal(world_reload(path, &e), -1);
	served();
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
}

static void nobody_there(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(world_stop("/tmp/worldctl_test.none", "hostd", &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
}

/* A name with a newline must not become a second request. */
static void name_is_one_word(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	serve("", "");
	assert_int_equal(world_stop(path, "a\nshutdown", &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	waitpid(server, NULL, 0);
	unlink(path);
}

static void damaged_line(void **state)
{
	struct world_info info;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(world_info_parse("name=x state=down", &info, &e), -1);
	assert_int_equal(
		world_info_parse("xname=a state=down pid=1 restarts=0 essential=no autostart=no "
				 "pool=p since=1",
				 &info, &e),
		-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list),
		cmocka_unit_test(error_keeps_its_kind),
		cmocka_unit_test(ok_and_garbage),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(name_is_one_word),
		cmocka_unit_test(damaged_line),
	};

	return cmocka_run_group_tests_name("worldctl", tests, NULL, NULL);
}
