// SPDX-License-Identifier: Apache-2.0
/* Archives on the host and on servers of several kinds. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "tests/unit/web.h"
#include "tests/unit/zip_sample.h"
#include "userworld/core/depot/archive.h"
#include "userworld/core/depot/place.h"

#define SIZE 300000

static unsigned char content[SIZE];
static struct zip_sample z;

/* "first" and "last" of SIZE bytes that do not compress well, and so many in between. */
static void make(unsigned int between)
{
	char name[64];

	zip_sample_start(&z);
	zip_sample_add(&z, "first", 8, content, SIZE);
	for (unsigned int i = 0; i < between; i++) {
		snprintf(name, sizeof(name), "a-folder/with-files/of-a-long-name/number-%06u", i);
		zip_sample_add(&z, name, 0, name, strlen(name));
	}
	zip_sample_add(&z, "last", 0, content, SIZE);
	zip_sample_end(&z, "");
}

/* Bytes of a member; or minus the kind of the error, with its text in e. */
static long read_member(const struct archive *a, const char *member, struct err *e)
{
	static unsigned char buf[SIZE + 1];
	struct archive_member *m;
	long got = 0;
	ssize_t n;

	if (archive_member_open(&m, a, member, member, e))
		return -(long)e->kind;
	while ((n = archive_member_read(m, buf + got, SIZE + 1 - (size_t)got)) > 0)
		got += n;
	if (got == SIZE)
		assert_memory_equal(buf, content, SIZE);
	archive_member_close(m);
	return n < 0 ? -1000 - errno : got;
}

static void on_host(void **state)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);
	struct err e = ERR_INIT;
	struct archive *a;

	(void)state;
	for (unsigned int between = 0; between <= 3000; between += 3000) {
		make(between);
		assert_int_equal(pwrite(fd, z.data, z.len, 0), z.len);
		assert_int_equal(ftruncate(fd, (off_t)z.len), 0);
		assert_int_equal(archive_open(&a, dup(fd), "zip", &e), 0);
		assert_int_equal(read_member(a, "first", &e), SIZE);
		assert_int_equal(read_member(a, "last", &e), SIZE);
		assert_int_equal(read_member(a, "none", &e), -(long)ERR_NOT_FOUND);
		archive_close(a);
	}
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(archive_open(&a, fd, "zip", &e), -1);
	assert_string_equal(e.text, "zip: no zip archive, or one without its end");
	assert_int_equal(archive_open(&a, open("/", O_RDONLY), "/", &e), -1);
	assert_string_equal(e.text, "/: neither a folder nor a zip archive");
}

static struct web served(bool ranges)
{
	return (struct web){ .data = z.data, .size = z.len, .ranges = ranges, .tag = "\"one\"" };
}

static void memory(unsigned long available)
{
	char text[100];

	snprintf(text, sizeof(text), "MemTotal: 262144 kB\nMemAvailable: %lu kB\n", available);
	tree_write("/proc/meminfo", text, 0644);
}

/* Opens what is served, and reads a member; as read_member() if the archive can be opened. */
static long from_server(const struct web *web, const char *member, struct err *e,
			struct web_seen *seen)
{
	struct web_seen *all;
	struct archive *a;
	char url[64];
	long rc;
	int port;
	pid_t pid = web_start(web, &port, &all);

	*e = (struct err)ERR_INIT;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/depot.zip", port);
	if (archive_open_url(&a, url, e) < 0) {
		rc = -(long)e->kind;
	} else {
		rc = read_member(a, member, e);
		archive_close(a);
	}
	if (seen) {
		seen->connections = atomic_load(&all->connections);
		seen->bytes = atomic_load(&all->bytes);
	}
	web_stop(pid, all);
	return rc;
}

static void expect(const struct web *web, const char *member, long rc, const char *words)
{
	struct err e;
	long got = from_server(web, member, &e, NULL);

	if (got != rc || !strstr(e.text, words))
		fail_msg("%ld and '%s' instead of %ld and '%s'", got, e.text, rc, words);
}

/* Only the directory and what is asked for come, and nothing twice. */
static void by_ranges(void **state)
{
	struct web_seen seen;
	struct web web;
	struct err e;

	(void)state;
	make(0);
	web = served(true);
	assert_int_equal(from_server(&web, "last", &e, &seen), SIZE);
	assert_int_equal(seen.connections, 2);
	assert_true(seen.bytes < SIZE + 70000);
	assert_int_equal(from_server(&web, "first", &e, &seen), SIZE);
	assert_true(seen.bytes < SIZE + 70000);
	assert_int_equal(from_server(&web, "none", &e, &seen), -(long)ERR_NOT_FOUND);
	assert_int_equal(seen.connections, 1);
	web.tag = NULL;
	assert_int_equal(from_server(&web, "first", &e, NULL), SIZE);
	/* A directory that is longer than what is looked at first. */
	make(3000);
	web = served(true);
	assert_int_equal(from_server(&web, "last", &e, &seen), SIZE);
	assert_int_equal(seen.connections, 3);
	assert_int_equal(from_server(&web, "first", &e, NULL), SIZE);
}

static void broken_off(void **state)
{
	struct web web;

	(void)state;
	make(3000);
	web = served(true);
	web.piece = 50000;
	expect(&web, "first", SIZE, "");
	expect(&web, "last", SIZE, "");
	web.tag = NULL;
	expect(&web, "last", -(long)ERR_UNAVAILABLE, "the connection broke off");
}

/* The archive becomes another one after so many answers. */
static void changed(void **state)
{
	struct web web;

	(void)state;
	make(3000);
	for (unsigned int after = 1; after <= 2; after++) {
		web = served(true);
		web.other = "\"two\"";
		web.changes = after;
		expect(&web, "last", -(long)ERR_UNAVAILABLE, "changed while it was read");
	}
	/* In the middle of a member: what there is goes no further. */
	web.changes = 9;
	web.piece = 50000;
	expect(&web, "last", -1000 - EIO, "");
}

static void without_ranges(void **state)
{
	struct web_seen seen;
	struct web web;
	struct err e;

	(void)state;
	make(0);
	web = served(false);
	memory(200000);
	assert_int_equal(from_server(&web, "last", &e, &seen), SIZE);
	assert_int_equal(seen.connections, 1);
	expect(&web, "first", SIZE, "");
	memory(20000);
	expect(&web, "first", SIZE, "");
	memory(10000);
	expect(&web, "first", -(long)ERR_NO_SPACE, "not enough memory for the 1 MiB");
	memory(200000);
	web.silent = true;
	expect(&web, "first", -(long)ERR_NO_SPACE, "does not say how large the whole archive is");
	web.silent = false;
	web.piece = 50000;
	expect(&web, "first", -(long)ERR_UNAVAILABLE, "broke off");
	/* A small one comes as a whole in any case. */
	zip_sample_start(&z);
	zip_sample_add(&z, "one", 8, "1234567", 7);
	zip_sample_end(&z, "");
	web = served(true);
	assert_int_equal(from_server(&web, "one", &e, &seen), 7);
	assert_int_equal(seen.connections, 1);
}

static void not_to_be_read(void **state)
{
	struct web web;

	(void)state;
	make(3000);
	web = served(true);
	web.size -= 10;
	expect(&web, "first", -(long)ERR_INVALID, "no zip archive, or one without its end");
	/* The end says more of a directory than there is. */
	make(3000);
	web = served(true);
	z.data[z.len - 22 + 14]++;
	expect(&web, "first", -(long)ERR_INVALID, "its directory is cut off");
	z.data[z.len - 22 + 14]--;
	memset(z.data + z.directory + 200, 'x', 50000);
	expect(&web, "last", -(long)ERR_INVALID, "damaged zip archive: its directory");
	make(0);
	web = served(true);
	z.data[z.header]++;
	expect(&web, "last", -(long)ERR_INVALID, "last: damaged zip archive");
}

static void addresses(void **state)
{
	(void)state;
	assert_true(depot_address_is_remote_zip("http://host/depot.zip"));
	assert_true(depot_address_is_remote_zip("HTTPS://host:8443/a/b.ZIP"));
	assert_false(depot_address_is_remote_zip("http://host/depot"));
	assert_false(depot_address_is_remote_zip("http://host.zip"));
	assert_false(depot_address_is_remote_zip("/depot.zip"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_host),	  cmocka_unit_test(by_ranges),
		cmocka_unit_test(broken_off),	  cmocka_unit_test(changed),
		cmocka_unit_test(without_ranges), cmocka_unit_test(not_to_be_read),
		cmocka_unit_test(addresses),
	};
	uint32_t noise = 1;

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < SIZE; i++) {
		noise = noise * 1664525 + 1013904223;
		content[i] = (unsigned char)(noise >> 24);
	}
	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
