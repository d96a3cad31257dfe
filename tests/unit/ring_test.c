// SPDX-License-Identifier: Apache-2.0
/* What the logger keeps for others, and who gets how much of vmkernel.log. */
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "tests/unit/unit.h"
#include "userworld/vmklogger/ring.h"
#include "userworld/vmklogger/route.h"

#define SECOND INT64_C(1000000)

static char space[64];

static void put(struct ring *r, const char *text)
{
	ring_put(r, text, strlen(text));
}

static void expect(struct ring *r, struct ring_reader *reader, const char *text)
{
	uint64_t number;
	char buf[64];
	size_t n = ring_peek(r, reader, buf, sizeof(buf) - 1, &number);

	buf[n] = '\0';
	assert_string_equal(buf, text);
	ring_step(r, reader);
}

static void in_order(void **state)
{
	struct ring_reader a = { 0 }, b = { 0 };
	struct ring r;

	(void)state;
	ring_init(&r, space, sizeof(space), 7);
	expect(&r, &a, "");
	put(&r, "one");
	put(&r, "two");
	assert_int_equal(ring_left(&r, &a), 2);
	expect(&r, &a, "one");
	put(&r, "three");
	expect(&r, &a, "two");
	expect(&r, &a, "three");
	expect(&r, &a, "");
	assert_int_equal(ring_left(&r, &a), 0);
	expect(&r, &b, "one");
	assert_int_equal(a.missed + b.missed, 0);
	assert_int_equal(r.next, 10);
}

/* Records of 4 + 6 bytes: six fit. A slow reader misses what had to go, and learns how many. */
static void too_slow(void **state)
{
	struct ring_reader slow = { 0 }, quick = { 0 };
	struct ring r;
	char text[8];

	(void)state;
	ring_init(&r, space, sizeof(space), 1);
	put(&r, "first.");
	expect(&r, &slow, "first.");
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "rec%03d", i);
		put(&r, text);
		expect(&r, &quick, i ? text : "first.");
		if (!i)
			expect(&r, &quick, text);
	}
	assert_int_equal(quick.missed, 0);
	expect(&r, &slow, "rec994");
	assert_int_equal(slow.missed, 994);
	assert_int_equal(ring_left(&r, &slow), 5);
}

/* A peek promises nothing: the record may be gone at the step, and is counted then. */
static void gone_meanwhile(void **state)
{
	struct ring_reader reader = { 0 };
	struct ring r;
	uint64_t number;
	char buf[8];

	(void)state;
	ring_init(&r, space, sizeof(space), 1);
	put(&r, "first.");
	assert_int_equal(ring_peek(&r, &reader, buf, 3, &number), 3);
	assert_int_equal(number, 1);
	for (int i = 0; i < 20; i++)
		put(&r, "other.");
	ring_peek(&r, &reader, buf, sizeof(buf), &number);
	assert_int_equal(number, 16);
	assert_int_equal(reader.missed, 15);
}

static void too_big(void **state)
{
	static char big[100];
	struct ring_reader reader = { 0 };
	struct ring r;

	(void)state;
	ring_init(&r, space, sizeof(space), 1);
	put(&r, "one");
	ring_put(&r, big, sizeof(big));
	put(&r, "two");
	expect(&r, &reader, "two");
	assert_int_equal(r.next, 4);
}

static void routes(void **state)
{
	static const struct {
		int facility;
		const char *component;
		enum log_id own;
	} want[] = {
		{ LOG_KERN, "hostd", LOG_ID_VMKERNEL },
		{ LOG_DAEMON, "hostd", LOG_ID_HOSTD },
		{ LOG_USER, "shell", LOG_ID_SHELL },
		{ LOG_DAEMON, "oomd", LOG_ID_VMKERNEL },
		{ LOG_DAEMON, "crond", LOG_ID_SYSLOG },
		{ LOG_AUTH, "dropbear", LOG_ID_SYSLOG },
		{ LOG_DAEMON, "supervisor", LOG_ID_VMKERNEL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct record r = { .facility = LOG_FAC(want[i].facility) };

		strcpy(r.component, want[i].component);
		assert_int_equal(route_own(&r), want[i].own);
	}
}

/* Only what root has said belongs to the audit log. */
static void routes_audit(void **state)
{
	struct record r = { .facility = LOG_FAC(LOG_AUTHPRIV), .component = "audit" };

	(void)state;
	assert_true(route_is_audit(&r));
	assert_int_equal(route_own(&r), LOG_ID_SYSLOG);
	r.audit = true;
	assert_int_equal(route_own(&r), LOG_ID_AUDIT);
	r.facility = LOG_FAC(LOG_AUTH);
	assert_false(route_is_audit(&r));
	r.facility = LOG_FAC(LOG_AUTHPRIV);
	strcpy(r.component, "auditor");
	assert_false(route_is_audit(&r));
}

static struct rations rations;

static unsigned int flood(const char *who, unsigned int lines, int64_t at, uint64_t *held)
{
	unsigned int in = 0;

	for (unsigned int i = 0; i < lines; i++) {
		enum ration_verdict v = ration_take(&rations, who, at, held);

		in += v == RATION_IN || v == RATION_BACK;
	}
	return in;
}

static void ration(void **state)
{
	uint64_t held = 0;

	(void)state;
	assert_int_equal(flood("a", RATION_BURST, SECOND, &held), RATION_BURST);
	assert_int_equal(ration_take(&rations, "a", SECOND, &held), RATION_FIRST);
	assert_int_equal(ration_take(&rations, "a", SECOND, &held), RATION_OUT);
	/* Others have their own. */
	assert_int_equal(ration_take(&rations, "b", SECOND, &held), RATION_IN);
	assert_int_equal(flood("a", 98, 2 * SECOND - 1, &held), 0);
	assert_int_equal(ration_take(&rations, "a", 3 * SECOND, &held), RATION_BACK);
	assert_int_equal(held, 100);
	/* Over a long flood it gets its rate, and nothing is forgotten. */
	assert_in_range(flood("a", 100000, 13 * SECOND, &held), RATION_RATE * 10, RATION_RATE * 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),	  cmocka_unit_test(too_slow),
		cmocka_unit_test(gone_meanwhile), cmocka_unit_test(too_big),
		cmocka_unit_test(routes),	  cmocka_unit_test(routes_audit),
		cmocka_unit_test(ration),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
