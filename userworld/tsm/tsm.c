// SPDX-License-Identifier: Apache-2.0
/*
 * The tech support shell: the login shell of those who may use one. It writes
 * every command into shell.log and leaves the rest to /bin/sh.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "front.h"
#include "userworld/lib/conf.h"
#include "userworld/lib/log.h"
#include "userworld/lib/program.h"
#include "version.h"

#define TSM_CONF "/etc/tsm.conf"
#define SHELL "/bin/sh"
#define COMMANDS "/usr/lib/visoros/commands"

static const struct program self = {
	.name = "tsm",
	.usage = "[-c COMMAND | FILE [ARGUMENT...]]",
	.help = "The shell of administrators: " SHELL ", with every command in shell.log.\n"
		"  -c COMMAND    run a command\n"
		"      --help, --version\n"
		"Settings: " TSM_CONF "\n",
};

static const char *user_name(void)
{
	struct passwd *pw = getpwuid(getuid());

	return pw ? pw->pw_name : "?";
}

/* Without settings, or with bad ones, a session may idle for ever. */
static unsigned int idle_timeout(void)
{
	static const char *const keys[] = { "idle-timeout", NULL };
	struct err e = ERR_INIT;
	unsigned int idle = 0;
	struct conf c;

	if (conf_read(&c, TSM_CONF, &e) < 0) {
		if (e.kind != ERR_NOT_FOUND)
			log_err(&e);
		return 0;
	}
	if (conf_check_keys(&c, keys, &e) < 0 ||
	    conf_get_uint(&c, "idle-timeout", 0, 86400, &idle, &e) < 0)
		log_err(&e);
	conf_free(&c);
	return idle;
}

/* What is run without a person at a terminal: logged as it was given. */
static int run_given(int argc, char **argv)
{
	bool command = argc > 2 && !strcmp(argv[1], "-c");
	char text[1024] = "";
	size_t n = 0;

	for (int i = command ? 2 : 1; i < argc && n < sizeof(text) - 1; i++) {
		int len = snprintf(text + n, sizeof(text) - n, "%s%s", n ? " " : "", argv[i]);

		n += len > 0 ? (size_t)len : 0;
	}
	log_info("[%s]: %s", user_name(), argc > 1 ? text : "(commands from a file or pipe)");
	argv[0] = (char[]){ "sh" };
	if (command && asprintf(&argv[2], ". " COMMANDS "\n%s", argv[2]) < 0)
		return 127;
	execv(SHELL, argv);
	perror("tsm: " SHELL);
	return 127;
}

static int run_session(bool login)
{
	static char login_name[] = "-sh", plain_name[] = "sh", interactive[] = "-i";
	char *argv[] = { login ? login_name : plain_name, interactive, NULL };
	const char *tty = ttyname(STDIN_FILENO);
	int rc;

	log_info("[%s]: session begins on %s", user_name(), tty ? tty : "?");
	rc = front_run(argv, idle_timeout());
	log_info("[%s]: session ends on %s", user_name(), tty ? tty : "?");
	return rc;
}

int main(int argc, char **argv)
{
	bool login = argv[0][0] == '-';

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return program_help(&self);
	if (argc == 2 && !strcmp(argv[1], "--version"))
		return program_version(&self, PROGRAM_VERSION);
	log_open("shell");
	log_facility(LOG_USER);
	if (argc == 2 && !strcmp(argv[1], "-l")) {
		login = true;
		argc = 1;
	}
	if (argc > 1 || !isatty(STDIN_FILENO))
		return run_given(argc, argv);
	return run_session(login);
}
