// SPDX-License-Identifier: Apache-2.0
/* /etc/firewall.conf and rulesets as text for nftables; what operations make of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/network/firewall.h"

#define BEGIN "add table inet visoros\ndelete table inet visoros\n"
#define TABLE(policy)                                                            \
	BEGIN "table inet visoros {\n\tchain input {\n"                          \
	      "\t\ttype filter hook input priority 0; policy " policy ";\n"      \
	      "\t\tiif \"lo\" accept\n\t\tct state established,related accept\n" \
	      "\t\tmeta l4proto 1 accept\n\t\tmeta l4proto 58 accept\n"          \
	      "\t\tudp sport 67 udp dport 68 accept\n"                           \
	      "\t\tip6 saddr fe80::/10 udp dport 546 accept\n"
#define END "\t}\n}\n"

static struct firewall f;

static void rulesets(void)
{
	struct err e = ERR_INIT;

	f.count = 0;
	assert_int_equal(
		firewall_add_ruleset(&f, "web", "web.conf",
				     "help = Page\nports = tcp/443 tcp/80\nenabled = yes\n", &e),
		0);
	assert_int_equal(firewall_add_ruleset(&f, "snmp", "snmp.conf", "ports = udp/161-162\n", &e),
			 0);
}

static void is_text(const char *conf, const char *wanted)
{
	struct err e = ERR_INIT;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	rulesets();
	if (firewall_parse(&f, "f", conf, &e) < 0)
		fail_msg("%s", e.text);
	firewall_text(&f, out);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static void texts(void **state)
{
	(void)state;
	is_text("", BEGIN);
	is_text("default-action = drop\nweb.allowed = none\n", BEGIN);
	is_text("enabled = yes\n", TABLE("drop") "\t\ttcp dport 443 accept comment \"web\"\n"
						 "\t\ttcp dport 80 accept comment \"web\"\n" END);
	is_text("enabled = yes\ndefault-action = pass\nweb.enabled = no\nsnmp.enabled = yes\n"
		"snmp.allowed = 192.0.2.0/24 2001:db8::5\n",
		TABLE("accept") "\t\tip saddr 192.0.2.0/24 udp dport 161-162 accept comment "
				"\"snmp\"\n"
				"\t\tip6 saddr 2001:db8::5 udp dport 161-162 accept comment "
				"\"snmp\"\n" END);
	/* "none" is not "all"; a bundle that is not there is no mistake. */
	is_text("enabled = yes\nweb.allowed = none\ngone.enabled = yes\ngone.allowed = 192.0.2.1\n",
		TABLE("drop") END);
}

static void refused(void **state)
{
	static const char *const settings[] = {
		"enabled = true\n",
		"default-action = reject\n",
		"nonsense = yes\n",
		"web.open = yes\n",
		"web.allowed =\n",
		"web.allowed = host.example\n",
		"web.allowed = 192.0.2.1/33\n",
		"web.allowed = 192.0.2.1; flush ruleset\n",
		"gone.allowed = everybody\n",
	};
	static const char *const files[] = {
		"help = no ports\n",
		"ports = 443\n",
		"ports = tcp/0\n",
		"ports = tcp/65536\n",
		"ports = udp/9-8\n",
		"ports = sctp/9\n",
		"ports = tcp/1x\n",
		"ports = tcp/1\nx = y\n",
		"ports = tcp/1\nenabled = 1\n",
		"ports = tcp/1 tcp/2 tcp/3 tcp/4 tcp/5 tcp/6 tcp/7 tcp/8 tcp/9\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct err e = ERR_INIT;

		rulesets();
		if (firewall_parse(&f, "f", settings[i], &e) == 0 || e.kind != ERR_INVALID ||
		    !strstr(e.text, "f:1"))
			fail_msg("%s: %s", settings[i], e.text);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct err e = ERR_INIT;

		rulesets();
		if (firewall_add_ruleset(&f, "x", "x.conf", files[i], &e) == 0 ||
		    e.kind != ERR_INVALID || f.count != 2)
			fail_msg("%s: %s", files[i], e.text);
		assert_int_equal(firewall_add_ruleset(&f, "a b", "p", "ports = tcp/1\n", &e), -1);
	}
}

static int call(const char *op, const char *params, json_t **result)
{
	json_t *p = json_loads(params, 0, NULL);
	struct err e = ERR_INIT;
	int rc = core_call(op, p, result, &e);

	json_decref(p);
	return rc < 0 ? (int)e.kind : 0;
}

static void is_file(const char *text)
{
	char *now = tree_read("/etc/firewall.conf");

	assert_string_equal(now, text);
	free(now);
}

static int set_web(const char *what)
{
	char params[256];

	snprintf(params, sizeof(params), "{\"name\":\"web\",%s}", what);
	return call("network.firewall.ruleset.set", params, NULL);
}

/* Whether a ruleset is open, and to whom, is one change. */
static void all_at_once(void)
{
	assert_int_equal(
		set_web("\"enabled\":false,\"allowed\":\" 192.0.2.9, 2001:db8::/32,192.0.2.9 \""),
		0);
	is_file("enabled = yes\ndefault-action = drop\nweb.allowed = 192.0.2.9 2001:db8::/32\n"
		"web.enabled = no\n");
	assert_int_equal(set_web("\"allowed\":\"192.0.2.9 host.example\""), ERR_INVALID);
	assert_int_equal(set_web("\"allowed\":\"all\""), ERR_INVALID);
	assert_int_equal(set_web("\"allowed\":\"192.0.2.9\",\"allowed_all\":true"), ERR_USAGE);
	assert_int_equal(set_web("\"allowed\":\"192.0.2.9\",\"allowed_all\":false"), 0);
	assert_int_equal(set_web("\"enabled\":true,\"allowed\":\"\""), 0);
	is_file("enabled = yes\ndefault-action = drop\nweb.allowed = none\nweb.enabled = yes\n");
}

static void operations(void **state)
{
	json_t *rows = NULL;
	char *text;

	(void)state;
	tree_write("/etc/hostname", "host\n", 0644);
	tree_write("/usr/lib/visoros/firewall.d/web.conf",
		   "help = Page\nports = tcp/443\nenabled = yes\n", 0644);
	tree_write("/usr/lib/visoros/firewall.d/README", "nonsense", 0644);
	assert_int_equal(call("network.firewall.set", "{}", NULL), ERR_USAGE);
	assert_int_equal(call("network.firewall.set",
			      "{\"enabled\":true,\"default_action\":\"drop\"}", NULL),
			 0);
	assert_int_equal(
		call("network.firewall.ruleset.set", "{\"name\":\"x\",\"enabled\":true}", NULL),
		ERR_NOT_FOUND);
	assert_int_equal(call("network.firewall.allowed.add",
			      "{\"name\":\"web\",\"address\":\"192.0.2.0/24\"}", NULL),
			 0);
	assert_int_equal(call("network.firewall.allowed.add",
			      "{\"name\":\"web\",\"address\":\"192.0.2.0/24\"}", NULL),
			 ERR_CONFLICT);
	assert_int_equal(call("network.firewall.allowed.add",
			      "{\"name\":\"web\",\"address\":\"2001:db8::/32\"}", NULL),
			 0);
	is_file("enabled = yes\ndefault-action = drop\nweb.allowed = 192.0.2.0/24 2001:db8::/32\n");
	/* That they are for some already loses none of them. */
	assert_int_equal(call("network.firewall.ruleset.set",
			      "{\"name\":\"web\",\"allowed_all\":false}", NULL),
			 0);
	assert_int_equal(call("network.firewall.ruleset.list", "{}", &rows), 0);
	text = json_dumps(rows, JSON_COMPACT);
	assert_string_equal(text, "[{\"name\":\"web\",\"help\":\"Page\",\"enabled\":true,"
				  "\"allowed_all\":false,\"allowed\":[\"192.0.2.0/24\","
				  "\"2001:db8::/32\"]}]");
	free(text);
	json_decref(rows);
	assert_int_equal(call("network.firewall.allowed.remove",
			      "{\"name\":\"web\",\"address\":\"2001:db8::/32\"}", NULL),
			 0);
	assert_int_equal(call("network.firewall.allowed.remove",
			      "{\"name\":\"web\",\"address\":\"192.0.2.0/24\"}", NULL),
			 0);
	/* The last one is gone: for nobody, not for all. */
	is_file("enabled = yes\ndefault-action = drop\nweb.allowed = none\n");
	all_at_once();
	assert_int_equal(call("network.firewall.ruleset.set",
			      "{\"name\":\"web\",\"allowed_all\":true,\"enabled\":false}", NULL),
			 0);
	is_file("enabled = yes\ndefault-action = drop\nweb.enabled = no\n");
	assert_int_equal(call("network.firewall.get", "{}", &rows), 0);
	text = json_dumps(rows, JSON_COMPACT);
	assert_string_equal(text,
			    "{\"enabled\":true,\"default_action\":\"drop\",\"loaded\":false}");
	free(text);
	json_decref(rows);
	/* Without stated there is no trial, and then no change. */
	assert_int_equal(call("network.firewall.set", "{\"enabled\":false,\"confirm\":60}", NULL),
			 ERR_UNAVAILABLE);
	is_file("enabled = yes\ndefault-action = drop\nweb.enabled = no\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(refused),
		cmocka_unit_test(operations),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
