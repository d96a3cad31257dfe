// SPDX-License-Identifier: Apache-2.0
/* Secrets of each kind, planted in text as it is found in files, logs and command lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/support/redact.h"

#define OUT_MAX (256u << 10)

static char out[OUT_MAX];
static size_t out_len;
static unsigned int removed;

static int collect(void *context, const char *text, size_t len)
{
	(void)context;
	assert_true(out_len + len < sizeof(out));
	memcpy(out + out_len, text, len);
	out_len += len;
	out[out_len] = '\0';
	return 0;
}

/* The text in pieces of that size. */
static const char *redacted(const char *text, size_t len, size_t piece)
{
	static const char *const words[] = { "unlock-code", NULL };
	static struct redact r;

	out_len = 0;
	out[0] = '\0';
	redact_init(&r, words, collect, NULL);
	for (size_t at = 0; at < len; at += piece)
		assert_int_equal(redact_feed(&r, text + at, len - at < piece ? len - at : piece),
				 0);
	assert_int_equal(redact_end(&r), 0);
	removed = r.removed;
	return out;
}

/* In each text "HIDDEN" stands for what must go; what is behind '|' must stay. */
static const struct planted {
	const char *text;
	const char *stays; /* NULL: nothing in particular */
} planted[] = {
	{ "password=HIDDEN", "password=" },
	{ "  Password : HIDDEN with HIDDEN\n", NULL },
	{ "a db_password=HIDDEN root=/dev/sda quiet", "root=/dev/sda quiet" },
	{ "cmd --password=HIDDEN --verbose file", "--verbose file" },
	{ "cmd --password HIDDEN HIDDEN --verbose file", "--verbose file" },
	{ "cmd -passin pass:HIDDEN -in x.pem", "-in x.pem" },
	{ "rootpw --iscrypted HIDDEN", NULL },
	{ "password HIDDEN", NULL },
	{ "\"api_key\": \"HIDDEN\", \"name\": \"x\"", "\"name\": \"x\"" },
	{ "{\"password\":\"HI\\\"DDEN HIDDEN\",\"b\":1}", "\"b\":1" },
	{ "log: {\\\"token\\\": \\\"HIDDEN\\\", \\\"b\\\": 1}", "1}" },
	{ "\"tokens\": [\n  \"HIDDEN\",\n  \"HIDDEN\"\n],\n\"after\": 1\n", "\"after\": 1" },
	{ "tokens:\n- HIDDEN\n- HIDDEN\nafter: 1\n", "after: 1" },
	{ "secret: |\n  HIDDEN\n\n  HIDDEN\nafter: 1\n", "after: 1" },
	{ "secret = HIDDEN\\\n HIDDEN\\\nHIDDEN\nafter = 1\n", "after = 1" },
	{ "PASSWORD='HIDDEN\nHIDDEN\nHIDDEN'\nAFTER=1\n", "AFTER=1" },
	{ "PASSWORD=\"HIDDEN\"HIDDEN AFTER", "AFTER" },
	{ "<password>HIDDEN</password><after>1</after>", "<after>1</after>" },
	{ "<secret kind=\"HIDDEN\">\n\tHIDDEN\n</secret>\n<after/>\n", "<after/>" },
	{ "Authorization: Basic SElEREVO=HIDDEN", "Authorization" },
	{ "Authorization: Digest a=HIDDEN, b=HIDDEN", NULL },
	{ "curl -H 'X: Bearer HIDDENHIDDEN' http://host/x", "http://host/x" },
	{ "Set-Cookie: visoros_session=HIDDEN; Path=/", "Set-Cookie" },
	{ "visoros_session=HIDDEN", NULL },
	{ "GET /x?access_token=HIDDEN&b=1 HTTP/1.1", "GET /x?" },
	{ "http://user:HIDDEN@host/path", "@host/path" },
	{ "https://HIDDEN@proxy.example:80/ next", "@proxy.example:80/ next" },
	{ "root:$6$HIDDEN$HIDDEN:19000:0:99999:7:::", "root:" },
	{ "root:$y$j9T$HIDDEN$HIDDEN.HIDDEN/:19000::::::", "root:" },
	{ "hash $2b$12$HIDDENHIDDENHIDDEN end", "end" },
	{ "hash $argon2id$v=19$m=65536,t=3$HIDDEN$HIDDEN end", "end" },
	{ "root:HIDDENabcdefg:19000:0:99999:7:::", "root:" },
	{ "echo root:HIDDEN | chpasswd", NULL },
	{ "openssl passwd -6 HIDDEN", "openssl" },
	{ "sshpass -p HIDDEN ssh host", "sshpass" },
	{ "curl -u root:HIDDEN https://host/", "https://host/" },
	{ "curl -uroot:HIDDEN https://host/", "https://host/" },
	{ "snmp community: HIDDEN", NULL },
	{ "PrivateKey = HIDDEN", NULL },
	{ "unlock_code=HIDDEN", NULL },
	{ "id eyJHIDDENHIDDENHIDDEN.HIDDEN.HIDDEN end", "end" },
	{ "key ghp_HIDDENHIDDENHIDDEN end", "end" },
	{ "x HIDDENabcdefghij0123456789ABCDEFGHIJKLMNOPQRSTUV x", "x" },
	{ "-----BEGIN PRIVATE KEY-----\nHIDDEN\nHIDDEN\n-----END PRIVATE KEY-----\nafter\n",
	  "after" },
	{ "a: -----BEGIN RSA PRIVATE KEY-----\nb: HIDDEN\nb: -----END RSA PRIVATE "
	  "KEY-----\nafter\n",
	  "after" },
	{ "\"k\":\"-----BEGIN EC PRIVATE KEY-----\\nHIDDEN\\n-----END EC PRIVATE "
	  "KEY-----\\n\",\"b\":1",
	  "\"b\":1" },
	{ "-----BEGIN OPENSSH PRIVATE KEY-----\nHIDDEN\n", NULL },
	{ "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nHIDDEN\n", "CERTIFICATE" },
};

static void secrets_do_not_pass(void **state)
{
	static const size_t pieces[] = { 1, 7, 1 << 20 };

	(void)state;
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++)
		for (size_t p = 0; p < 3; p++) {
			const struct planted *t = &planted[i];
			const char *got = redacted(t->text, strlen(t->text), pieces[p]);

			if (strstr(got, "HIDDEN") || !strstr(got, REDACT_MARK) || removed == 0)
				fail_msg("'%s' became '%s'", t->text, got);
			if (t->stays && !strstr(got, t->stays))
				fail_msg("'%s' became '%s', without '%s'", t->text, got, t->stays);
		}
}

/* Twice the same: what the index says may go through it again. */
static void marks_stay(void **state)
{
	char once[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		strcpy(once, redacted(planted[i].text, strlen(planted[i].text), 64));
		assert_null(strstr(redacted(once, strlen(once), 64), "HIDDEN"));
	}
}

static const char *const harmless[] = {
	"2026-11-23T10:00:00.000Z In(6) vmkernel: cpu0:1)Linux version 6.12.117+deb12-cloud-amd64",
	"2026-11-23T10:00:00.000Z In(6) hostd: user root (network): system.hostname.set",
	"base.v00 17M 17M sha256 "
	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bb822cd15d6c15b0f00a08",
	"/usr/lib/modules/6.12.117+deb12-cloud-amd64/kernel/drivers/net/ethernet/amazon/ena/ena.ko",
	"Bad password attempt for 'root' from 10.0.0.1:5000",
	"inet6 fe80::5054:ff:fe12:3456/64 scope link",
	"BOOT_IMAGE=/vmlinuz root=/dev/ram0 console=ttyS0 panic=-1",
	"The next 10 events: 10:00:00 the clock was set",
	"-----BEGIN CERTIFICATE-----",
	"",
	"echo $HOME/$USER",
};

static void other_text_stays(void **state)
{
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		snprintf(text, sizeof(text), "%s\n", harmless[i]);
		assert_string_equal(redacted(text, strlen(text), 3), text);
		assert_int_equal(removed, 0);
	}
}

static void control_characters_become_spaces(void **state)
{
	static const char text[] = "a\0--password=HIDDEN\0--next\033[31m\r\nb";

	(void)state;
	assert_string_equal(redacted(text, sizeof(text) - 1, 5),
			    "a --password=" REDACT_MARK " --next [31m \nb");
}

/* The rest of a long line is left out, and the word that is cut, which may be half a secret. */
static void long_lines_are_cut(void **state)
{
	char *text = malloc(3 * REDACT_LINE);
	size_t start = REDACT_LINE - 10;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 3 * REDACT_LINE);
	text[5] = ' ';
	memcpy(text + start, " $6$ab$HIDDEN", 13);
	memcpy(text + 3 * REDACT_LINE - 6, "\nafter", 6);
	assert_string_equal(redacted(text, 3 * REDACT_LINE, 1000) + out_len - 6, "\nafter");
	assert_null(strstr(out, "$6$a"));
	assert_true(out_len < REDACT_LINE + 20);
	/* Without a gap nothing of it can be shown. */
	memset(text, 'y', 2 * REDACT_LINE);
	assert_string_equal(redacted(text, 2 * REDACT_LINE, 1000), REDACT_MARK);
	free(text);
}

static int refuse(void *context, const char *text, size_t len)
{
	(void)context, (void)text, (void)len;
	return -7;
}

static void the_sink_can_end_it(void **state)
{
	static struct redact r;

	(void)state;
	redact_init(&r, NULL, refuse, NULL);
	assert_int_equal(redact_feed(&r, "a\nb\n", 4), -7);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_do_not_pass),
		cmocka_unit_test(marks_stay),
		cmocka_unit_test(other_text_stays),
		cmocka_unit_test(control_characters_become_spaces),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(the_sink_can_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
