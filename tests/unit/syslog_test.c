// SPDX-License-Identifier: Apache-2.0
/* Hosts to send to, and what is sent. */
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "tests/unit/unit.h"
#include "userworld/syslogfwd/address.h"
#include "userworld/syslogfwd/message.h"

static void good_addresses(void **state)
{
	static const struct {
		const char *text;
		enum transport transport;
		const char *host, *port;
	} want[] = {
		{ "10.0.0.1", TRANSPORT_UDP, "10.0.0.1", "514" },
		{ "udp://log.example:1514", TRANSPORT_UDP, "log.example", "1514" },
		{ "tcp://log", TRANSPORT_TCP, "log", "514" },
		{ "tls://log", TRANSPORT_TLS, "log", "6514" },
		{ "ssl://log:1514", TRANSPORT_TLS, "log", "1514" },
		{ "tcp://[fe80::1]:601", TRANSPORT_TCP, "fe80::1", "601" },
	};
	struct address a[TARGETS_MAX];
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(addresses_parse(want[i].text, a, &e), 1);
		assert_int_equal(a[0].transport, want[i].transport);
		assert_string_equal(a[0].host, want[i].host);
		assert_string_equal(a[0].port, want[i].port);
		assert_string_equal(a[0].text, want[i].text);
	}
	assert_int_equal(addresses_parse("", a, &e), 0);
	assert_int_equal(addresses_parse(" udp://a,tcp://b:1 , tls://c", a, &e), 3);
	assert_string_equal(a[2].host, "c");
}

static void bad_addresses(void **state)
{
	static const char *const bad[] = { "http://a",		"udp://",	 "udp://a:",
					   "udp://a:0",		"udp://a:65536", "udp://a:1x",
					   "tcp://[::1",	"tcp://a/b",	 "://",
					   "a,b,c,d,e,f,g,h,i", "udp://a:-1",	 "tcp://[::1]x" };
	struct address a[TARGETS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(addresses_parse(bad[i], a, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
	}
}

static void messages(void **state)
{
	static const struct boot_clock right = { INT64_C(1795352400) * 1000000, true };
	static const struct boot_clock wrong = { 0, false };
	struct forward_packet p = {
		.number = 41,
		.uptime = 1123456,
		.severity = LOG_WARNING,
		.facility = LOG_FAC(LOG_DAEMON),
		.world = 12,
		.component = "hostd",
		.text = "disk lost",
	};
	char buf[MESSAGE_BYTES], frame[MESSAGE_BYTES + 8];
	size_t len;

	(void)state;
	len = message_format(buf, &p, right, "esx1");
	assert_string_equal(buf, "<28>1 2026-11-22T13:00:01.123456Z esx1 hostd 12 - "
				 "[meta sequenceId=\"42\"] disk lost");
	assert_int_equal(len, strlen(buf));
	assert_int_equal(message_frame(frame, buf, len), len + 3);
	assert_memory_equal(frame, "82 <28>1 ", 9);
	p.world = 0;
	p.facility = 0;
	p.number = 2147483647;
	message_format(buf, &p, wrong, "");
	assert_string_equal(buf, "<4>1 - - hostd - - [meta sequenceId=\"1\" sysUpTime=\"112\"] "
				 "disk lost");
	memset(p.text, 'x', TEXT_MAX);
	p.text[TEXT_MAX] = '\0';
	len = message_format(buf, &p, right, "a-name-of-the-host");
	assert_int_equal(len, strlen(buf));
	assert_int_equal(buf[len - 1], 'x');
	assert_int_equal(strlen(strstr(buf, "] x")), TEXT_MAX + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_addresses),
		cmocka_unit_test(bad_addresses),
		cmocka_unit_test(messages),
	};

	return cmocka_run_group_tests_name("syslog", tests, NULL, NULL);
}
