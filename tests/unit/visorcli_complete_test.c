// SPDX-License-Identifier: Apache-2.0
/* What shells are told: words of the tree, options, and values, of the table and of a host. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/visorcli/cli.h"
#include "userworld/visorcli/completion.h"

static int asked; /* how often the host was asked */

static int host(const char *op, json_t *params, json_t **result, struct err *e)
{
	asked++;
	assert_int_equal(json_object_size(params), 0);
	if (!strcmp(op, "system.service.list"))
		*result = json_pack("[{s:s}, {s:s}, {s:s}, {s:n}]", "name", "hostd", "name", "dcui",
				    "name", "hostd", "name");
	else if (!strcmp(op, "software.bundle.list"))
		*result = json_pack("[{s:s}, {s:s}]", "name", "strace", "name", "snmpd");
	else if (!strcmp(op, "system.boot.bank.list"))
		*result = json_pack("[{s:i}, {s:i}]", "bank", 0, "bank", 1);
	else
		return err_set(e, ERR_UNAVAILABLE, "no answer to %s", op);
	return 0;
}

/* The words are apart by one space; the last one, perhaps empty, is to be completed. */
static char *complete(const char *line)
{
	struct cli cli = { .name = "visorcli", .call = host };
	char text[256], *argv[20] = { (char *)"visorcli", (char *)"__complete" };
	char *output = NULL, *rest = text;
	size_t size;
	int argc = 2;

	snprintf(text, sizeof(text), "%s", line);
	while (rest)
		argv[argc++] = strsep(&rest, " ");
	cli.out = cli.err = open_memstream(&output, &size);
	assert_int_equal(cli_main(&cli, argc, argv), 0);
	fclose(cli.out);
	return output;
}

/* The candidates without what they mean, with a space between. */
static void expect(const char *line, const char *words)
{
	char *output = complete(line), got[2048] = "";

	for (char *at = output; *at; at += strcspn(at, "\n") + 1) {
		size_t len = strcspn(at, "\t\n"), used = strlen(got);

		snprintf(got + used, sizeof(got) - used, "%s%.*s", used ? " " : "", (int)len, at);
	}
	if (strcmp(got, words) != 0)
		fail_msg("'%s': %s, not %s", line, got, words);
	free(output);
}

static void tree(void **state)
{
	(void)state;
	expect("", "hardware network software system sched");
	expect("s", "software system sched");
	expect("sy", "system");
	expect("system ver", "version");
	expect("system version ", "get");
	expect("system visorfs ra", "ramdisk");
	expect("system visorfs ramdisk re", "remove resize");
	expect("sys ver", "");
	expect("system nonsense ", "");
	expect("systemd ", "");
}

static void meanings(void **state)
{
	char *text = complete("system vers");

	(void)state;
	assert_string_equal(text, "version\tWhat runs here\n");
	free(text);
	text = complete("system service policy set --p");
	assert_string_equal(text,
			    "--policy=\tWhether it starts with the host (required; on, off)\n");
	free(text);
}

static void options(void **state)
{
	(void)state;
	expect("system version get ", "");
	expect("system version get -", "--help");
	expect("system service policy set ", "--name= --policy=");
	expect("system service policy set --name=x ", "--policy=");
	expect("system service policy set -n x ", "--policy=");
	expect("system shutdown reboot --", "--reason= --quick --help");
	expect("system shutdown reboot --quick --r", "--reason=");
	expect("system shutdown reboot --q", "--quick");
	expect("system shutdown reboot x", "");
	/* A list may be given again. */
	expect("software bundle remove --name=a --n", "--name=");
}

static void values(void **state)
{
	(void)state;
	expect("system service policy set --policy=", "--policy=on --policy=off");
	expect("system service policy set --policy=of", "--policy=off");
	expect("system service policy set --policy ", "on off");
	expect("system service policy set -p o", "on off");
	expect("system ntp set --enabled=", "--enabled=true --enabled=false");
	expect("software acceptance set -l c", "certified community");
	expect("system hostname set --fqdn=", "");
	assert_int_equal(asked, 0);
}

static void names(void **state)
{
	(void)state;
	asked = 0;
	expect("system service stop --name=", "--name=hostd --name=dcui");
	expect("system service stop -n d", "dcui");
	expect("system boot bank set --bank=", "--bank=0 --bank=1");
	expect("software bundle remove --name=s", "--name=strace --name=snmpd");
	expect("software bundle remove --name=strace,s",
	       "--name=strace,strace --name=strace,snmpd");
	expect("software vib remove -n x,sn", "x,snmpd");
	assert_int_equal(asked, 6);
	/* It does not answer: nothing to say. */
	expect("system visorfs ramdisk resize --name=", "");
	assert_int_equal(asked, 7);
	/* Another host cannot be asked without somebody who types a password. */
	expect("--server=a.example system service stop --name=", "");
	assert_int_equal(asked, 7);
}

static void files(void **state)
{
	(void)state;
	expect("software bundle install --bundle=", ":files");
	expect("software bundle install -b /tmp/x", ":files");
	expect("--server=a.example software bundle install -b /tmp/x", "");
	expect("--password-file=", ":files");
}

static void before_namespaces(void **state)
{
	(void)state;
	expect("--f", "--formatter=");
	expect("--formatter=j", "--formatter=json");
	expect("--formatter=json sys", "system");
	expect("--formatter json system ver", "version");
	expect("--nonsense sys", "");
	expect("--server", "--server=");
	expect("--server ", "");
	expect("--l", "--local");
}

static void scripts(void **state)
{
	char *argv[] = { (char *)"visorcli", (char *)"completion", NULL };
	static const char *const shells[] = { "bash", "zsh", "fish", "ash" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct cli cli = { .name = "visorcli" };
		char *output = NULL;
		size_t size;
		int status;

		argv[2] = (char *)shells[i];
		cli.out = cli.err = open_memstream(&output, &size);
		status = cli_main(&cli, 3, argv);
		fclose(cli.out);
		assert_int_equal(status, i < 3 ? 0 : 2);
		assert_non_null(strstr(output, i < 3 ? "__complete" : "bash, zsh or fish"));
		free(output);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree),	   cmocka_unit_test(meanings),
		cmocka_unit_test(options), cmocka_unit_test(values),
		cmocka_unit_test(names),   cmocka_unit_test(files),
		cmocka_unit_test(scripts), cmocka_unit_test(before_namespaces),
	};

	unsetenv("VISORCLI_PASSWORD");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
