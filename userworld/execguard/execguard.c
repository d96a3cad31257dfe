// SPDX-License-Identifier: Apache-2.0
#include "execguard.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "userworld/lib/file.h"
#include "userworld/lib/log.h"
#include "userworld/lib/program.h"
#include "userworld/lib/vfsctl.h"
#include "version.h"

static const struct program self = {
	.name = "execguard",
	.usage = "[-lv]",
	.help = "From now on, and until the host restarts, only unchanged files of tardisks are\n"
		"executed: puts the guard against other code into the kernel and throws the\n"
		"switch of the root file system.\n"
		"  -l, --log      log what the guard refuses, until ended\n"
		"  -v, --verbose  say what the kernel has to say about the guard\n"
		"      --help, --version\n",
};

static int throw_switch(struct err *e)
{
	unsigned int instance;
	char path[64];

	if (vfs_instance("/", &instance, e) < 0)
		return -1;
	snprintf(path, sizeof(path), GUARD_SWITCH, instance);
	return file_write_at(AT_FDCWD, path, "1\n", e);
}

/* One without the other is still better than nothing: the switch does not wait for the guard. */
static int guard(struct err *e)
{
	struct err second = ERR_INIT;
	int rc = guard_load(e);

	if (rc < 0 && e->kind == ERR_CONFLICT)
		rc = 0;
	if (throw_switch(&second) < 0) {
		if (rc < 0)
			log_err(e);
		*e = second;
		return -1;
	}
	return rc < 0 ? err_wrap(e, "code from memory is not refused") : 0;
}

int main(int argc, char **argv)
{
	bool tell = false, verbose = false;
	const struct program_option list[] = {
		{ "log", 'l', NULL, &tell },
		{ "verbose", 'v', NULL, &verbose },
		{ 0 },
	};
	struct err e = ERR_INIT;
	int rc = program_options(&self, PROGRAM_VERSION, list, argc, argv);

	if (rc >= 0)
		return rc;
	if (verbose)
		log_max_severity(LOG_DEBUG);
	if (tell)
		log_open(self.name);
	else
		log_open_stderr(self.name);
	if ((tell ? guard_tell(&e) : guard(&e)) < 0)
		return program_fail(&self, &e);
	return 0;
}
