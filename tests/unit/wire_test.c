// SPDX-License-Identifier: Apache-2.0
/* Messages between the two processes of hostd. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/hostd/wire.h"

struct peer {
	struct wire *wire;
	unsigned int taken, fds;
	uint32_t id;
	size_t length;
	char lost[64];
	bool frees; /* in the callback */
};

static struct event_base *base;

static void take(void *context, const struct wire_head *head, json_t *message, int fd)
{
	struct peer *p = context;

	p->taken++;
	p->id = head->id;
	p->length = json_string_length(message);
	if (fd >= 0) {
		p->fds++;
		assert_int_equal(write(fd, "x", 1), 1);
		close(fd);
	}
	if (p->frees) {
		wire_free(p->wire);
		p->wire = NULL;
	}
}

static void lost(void *context, const char *text)
{
	struct peer *p = context;

	strncpy(p->lost, text, sizeof(p->lost) - 1);
	wire_free(p->wire);
	p->wire = NULL;
}

static void pair(struct peer *a, struct peer *b)
{
	int ends[2];

	memset(a, 0, sizeof(*a));
	memset(b, 0, sizeof(*b));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	a->wire = wire_new(base, ends[0], WIRE_ASK_MAX, false, take, lost, a);
	b->wire = wire_new(base, ends[1], WIRE_ANSWER_MAX, true, take, lost, b);
}

static void turn(int times)
{
	while (times--)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static void end(struct peer *p)
{
	if (p->wire)
		wire_free(p->wire);
}

static json_t *text_of(size_t length)
{
	char *text = malloc(length + 1);
	json_t *value;

	memset(text, 'x', length);
	text[length] = '\0';
	value = json_string(text);
	free(text);
	return value;
}

static void goes_and_comes(void **state)
{
	json_t *small = text_of(5), *big = text_of(WIRE_ANSWER_MAX - 2);
	struct peer a, b;

	(void)state;
	pair(&a, &b);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(wire_send(b.wire, i, 7, small, -1), 0);
	turn(20);
	assert_int_equal(a.taken, 100);
	assert_int_equal(a.id, 99);
	assert_int_equal(wire_send(a.wire, 1, 7, big, -1), 0);
	turn(4000);
	assert_int_equal(b.taken, 1);
	assert_int_equal(b.length, WIRE_ANSWER_MAX - 2);
	end(&a);
	end(&b);
	json_decref(small);
	json_decref(big);
}

/* Each with its own message, in order. */
static void descriptors(void **state)
{
	json_t *nothing = json_null();
	struct peer a, b;
	char text[8];
	int ends[2];

	(void)state;
	pair(&a, &b);
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	wire_send(a.wire, 1, 7, nothing, -1);
	wire_send(a.wire, 2, 7, nothing, ends[1]);
	wire_send(a.wire, 3, 7, nothing, ends[1]);
	turn(20);
	assert_int_equal(b.taken, 3);
	assert_int_equal(b.fds, 2);
	assert_int_equal(read(ends[0], text, sizeof(text)), 2);
	close(ends[0]);
	close(ends[1]);
	end(&a);
	end(&b);
	json_decref(nothing);
}

/* The side that takes none: neither as a flag nor by the back door. */
static void no_descriptors(void **state)
{
	json_t *nothing = json_null();
	struct peer a, b;

	(void)state;
	pair(&a, &b);
	wire_send(b.wire, 1, 7, nothing, STDIN_FILENO);
	turn(20);
	assert_int_equal(a.taken, 0);
	assert_string_equal(a.lost, "a descriptor that must not come");
	end(&a);
	end(&b);
	json_decref(nothing);
}

static void broken_form(void **state)
{
	const struct wire_head good = { .magic = WIRE_MAGIC, .length = 4, .id = 1, .type = 7 };
	struct wire_head magic = good, length = good;
	struct {
		struct wire_head head;
		char json[4];
	} text = { good, "nul!" };
	struct peer a;
	int ends[2];

	(void)state;
	magic.magic++;
	length.length = WIRE_ASK_MAX + 1;
	assert_null(wire_check(&good, WIRE_ASK_MAX, false));
	assert_string_equal(wire_check(&magic, WIRE_ASK_MAX, false), "not a message");
	assert_string_equal(wire_check(&length, WIRE_ASK_MAX, false), "a message that is too long");
	memset(&a, 0, sizeof(a));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	a.wire = wire_new(base, ends[0], WIRE_ASK_MAX, false, take, lost, &a);
	assert_int_equal(write(ends[1], &text, sizeof(text)), sizeof(text));
	turn(5);
	assert_string_equal(a.lost, "a message that is not JSON");
	close(ends[1]);
}

static void peer_goes(void **state)
{
	json_t *nothing = json_null();
	struct peer a, b;

	(void)state;
	pair(&a, &b);
	b.frees = true;
	wire_send(a.wire, 1, 7, nothing, -1);
	wire_send(a.wire, 2, 7, nothing, -1);
	turn(20);
	assert_int_equal(b.taken, 1); /* it has freed its wire in the first */
	assert_string_equal(a.lost, "gone");
	json_decref(nothing);
}

/* A peer that does not read costs so much and no more. */
static void does_not_read(void **state)
{
	json_t *big = text_of(WIRE_ANSWER_MAX / 2);
	struct peer a;
	int ends[2], sent = 0;

	(void)state;
	memset(&a, 0, sizeof(a));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	a.wire = wire_new(base, ends[0], WIRE_ASK_MAX, false, take, lost, &a);
	while (a.wire && wire_send(a.wire, 1, 7, big, -1) == 0)
		sent++;
	assert_string_equal(a.lost, "does not read");
	assert_int_equal(sent, WIRE_WAITING / (WIRE_ANSWER_MAX / 2));
	close(ends[1]);
	json_decref(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_and_comes), cmocka_unit_test(descriptors),
		cmocka_unit_test(no_descriptors), cmocka_unit_test(broken_form),
		cmocka_unit_test(peer_goes),	  cmocka_unit_test(does_not_read),
	};
	int rc;

	base = event_base_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	event_base_free(base);
	return rc;
}
