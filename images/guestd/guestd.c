// SPDX-License-Identifier: Apache-2.0
/*
 * guestd: runs the commands of the developer's machine ("make guest") as root.
 * It is in development images only, and the supervisor starts it only if the
 * kernel command line has the word visoros.guest.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cleanup.h"
#include "command.h"
#include "frame.h"
#include "log.h"
#include "port.h"
#include "program.h"
#include "version.h"

static const struct program self = {
	.name = "guestd",
	.usage = "",
	.help = "Runs commands that arrive on the virtio port " PORT_NAME ".\n"
		"  -h, --help     print this text\n"
		"  -V, --version  print the version\n",
};

/* Serves one host until it goes away. */
static int serve(int port, struct err *e)
{
	static struct frame f;

	for (;;) {
		if (frame_read(port, &f, e) < 0)
			return -1;
		if (f.type == FRAME_HELLO && frame_write(port, FRAME_HELLO, "", 0, e) < 0)
			return -1;
		if (f.type == FRAME_COMMAND && command_run(port, f.data, e) < 0)
			return -1;
	}
}

static int parse_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c = getopt_long(argc, argv, "hV", options, NULL);

	if (c == 'h')
		exit(program_help(&self));
	if (c == 'V')
		exit(program_version(&self, PROGRAM_VERSION));
	if (c != -1)
		return program_usage(&self, NULL);
	return optind < argc ? program_usage(&self, "unexpected argument %s", argv[optind]) : 0;
}

int main(int argc, char **argv)
{
	_cleanup_close_ int port = -1;
	struct err e = ERR_INIT;
	int rc = parse_options(argc, argv);

	if (rc)
		return rc;
	log_open("guestd");
	signal(SIGPIPE, SIG_IGN);
	port = port_open(&e);
	if (port < 0) {
		log_err(&e);
		return err_exit_code(e.kind);
	}
	log_info("the developer's machine may run commands as root: %s", PORT_NAME);
	for (;;) {
		serve(port, &e);
		if (e.kind != ERR_UNAVAILABLE)
			log_err(&e);
		/* Without a host, reading the port fails at once: look again now and then. */
		usleep(200 * 1000);
	}
}
