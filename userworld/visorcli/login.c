// SPDX-License-Identifier: Apache-2.0
#include "login.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "log.h"
#include "secret.h"
#include "userworld/core/core.h"

#define TRIES 3
#define SECONDS 60 /* for all of them */
#define LOGIN "/bin/login"

static bool ask_name(char *name, int size)
{
	char host[65] = "";

	gethostname(host, sizeof(host) - 1);
	do {
		printf("%s login: ", host);
		fflush(stdout);
		if (!fgets(name, size, stdin))
			return false;
		name[strcspn(name, "\r\n")] = '\0';
	} while (!name[0]);
	return true;
}

/* Root is the one who has a shell; whether there are others is nobody's business here. */
static bool comes_in(const char *name)
{
	char password[SECRET_MAX];
	struct err e = ERR_INIT;
	json_t *params, *result = NULL;
	int rc = secret_ask("Password: ", password, &e);

	if (rc == 0) {
		params = json_pack("{s:s, s:s}", "user", name, "password", password);
		rc = core_call("account.verify", params, &result, &e);
		json_decref(params);
		json_decref(result);
		explicit_bzero(password, sizeof(password));
	}
	if (rc == 0 && !strcmp(name, "root"))
		return true;
	log_warnx("%s: log in at a shell: %s", name, rc < 0 ? e.text : "has no shell");
	printf("%s\n\n", rc < 0 ? e.text : "Only root has a shell.");
	return false;
}

int login_main(int argc, char **argv)
{
	const char *given = argc > 1 && strcmp(argv[argc - 1], "--") != 0 ? argv[argc - 1] : "";
	char name[64];

	alarm(SECONDS);
	for (int i = 0; i < TRIES; i++, given = "") {
		snprintf(name, sizeof(name), "%s", given);
		if (!name[0] && !ask_name(name, sizeof(name)))
			return 1;
		if (comes_in(name)) {
			alarm(0);
			execl(LOGIN, "login", "-f", name, (char *)NULL);
			perror(LOGIN);
			return 1;
		}
	}
	return 1;
}
