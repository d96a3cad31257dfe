// SPDX-License-Identifier: Apache-2.0
/* On a folder that looks like a hierarchy: the parsing and the messages. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/lib/cgroup.h"
#include "userworld/lib/file.h"

static char dir[] = "/tmp/cgroup_test.XXXXXX";
static int root = -1;

static int enter(void **state)
{
	(void)state;
	if (!mkdtemp(dir) || chdir(dir) < 0)
		return -1;
	root = cgroup_open_root(dir, NULL);
	return root < 0 ? -1 : 0;
}

static int leave(void **state)
{
	(void)state;
	close(root);
	return chdir("/") == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
	assert_int_equal(file_write_atomic(path, text, strlen(text), 0600, NULL), 0);
}

static void keys(void **state)
{
	static const char text[] = "anon 4096\nfile 8192\nanon_thp 7\n";
	uint64_t v = 0;

	(void)state;
	assert_int_equal(flat_key(text, "anon", &v), 0);
	assert_int_equal(v, 4096);
	assert_int_equal(flat_key(text, "anon_thp", &v), 0);
	assert_int_equal(v, 7);
	assert_int_equal(flat_key(text, "ano", &v), -1);
	assert_int_equal(flat_key("", "anon", &v), -1);
}

static void make_delegates_what_is_there(void **state)
{
	struct err e = ERR_INIT;
	char text[32];
	int group;

	(void)state;
	put("cgroup.controllers", "hugetlb memory\n");
	put("cgroup.subtree_control", "");
	group = cgroup_make(root, "host/vim", &e);
	assert_true(group >= 0);
	assert_int_equal(access("host/vim", F_OK), 0);
	assert_true(file_read_at(root, "cgroup.subtree_control", text, sizeof(text), &e) > 0);
	assert_string_equal(text, "+memory");
	close(group);
	/* It exists now, that is fine. */
	group = cgroup_make(root, "host/vim", &e);
	assert_true(group >= 0);
	close(group);
	assert_int_equal(cgroup_remove(root, "host/vim", &e), 0);
	assert_int_equal(cgroup_remove(root, "host/vim", &e), 0);
	assert_int_equal(cgroup_remove(root, "host", &e), 0);
	unlink("cgroup.controllers");
	unlink("cgroup.subtree_control");
}

static void values(void **state)
{
	struct err e = ERR_INIT;
	pid_t pids[2];
	uint64_t v;

	(void)state;
	put("memory.max", "max\n");
	assert_int_equal(cgroup_read_u64(root, "memory.max", &v, &e), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(cgroup_write_u64(root, "memory.max", 123, &e), 0);
	assert_int_equal(cgroup_read_u64(root, "memory.max", &v, &e), 0);
	assert_int_equal(v, 123);
	put("cgroup.events", "populated 1\nfrozen 0\n");
	assert_int_equal(cgroup_populated(root, &e), 1);
	put("cgroup.procs", "12\n13\n14\n");
	assert_int_equal(cgroup_pids(root, pids, 2, &e), 2);
	assert_int_equal(pids[0], 12);
	assert_int_equal(pids[1], 13);
	unlink("memory.max");
	unlink("cgroup.events");
	unlink("cgroup.procs");
}

static void missing_controller_is_named(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	put("cgroup.controllers", "cpu\n");
	assert_int_equal(cgroup_write(root, "pids.max", "5", &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_string_equal(e.text, "pids.max: the kernel offers no pids controller to this pool");
	assert_int_equal(cgroup_write(root, "cpu.weight", "5", &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	unlink("cgroup.controllers");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys),
		cmocka_unit_test(make_delegates_what_is_there),
		cmocka_unit_test(values),
		cmocka_unit_test(missing_controller_is_named),
	};

	return cmocka_run_group_tests_name("cgroup", tests, enter, leave);
}
