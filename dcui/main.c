// SPDX-License-Identifier: Apache-2.0
/* dcui: the console of the host. Options, and which of the modes runs. */
#include "dcui/answers.h"
#include "dcui/call.h"
#include "dcui/host.h"
#include "dcui/loop.h"
#include "dcui/script.h"

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "program.h"
#include "version.h"

#include "userworld/core/core.h"

#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

#define SCRIPT_MAX 65536

static const struct program self = {
	.name = "dcui",
	.usage = "[OPTION]...",
	.help = "The console of the host, on its screen, a serial line or SSH.\n\n"
		"  --console        this is the host's own console: it cannot be left\n"
		"  --tty PATH       terminal to use (the controlling terminal)\n"
		"  --term TYPE      terminfo name of it (found out, or from TERM)\n"
		"  --ascii          no characters but ASCII and the terminal's lines\n"
		"  --mono           no colours\n"
		"  --script FILE    feed keys from a file first (or from DCUI_SCRIPT)\n"
		"  --dump           print the screen as text instead of using a terminal\n"
		"  --dump-styles    the same, with a letter for the style of each cell\n"
		"  --size COLSxROWS size of the dumped screen (80x25)\n"
		"  --model FILE     answers from a JSON file instead of the system; repeatable\n"
		"  --help           this text\n"
		"  --version        version and build\n",
};

struct options {
	struct loop_options loop;
	const char *script;
	bool console, dump, styles, model;
	int rows, cols;
};

enum {
	OPT_CONSOLE = 256,
	OPT_TTY,
	OPT_TERM,
	OPT_ASCII,
	OPT_MONO,
	OPT_SCRIPT,
	OPT_DUMP,
	OPT_DUMP_STYLES,
	OPT_SIZE,
	OPT_MODEL,
	OPT_HELP,
	OPT_VERSION,
};

static const struct option long_options[] = {
	{ "console", no_argument, NULL, OPT_CONSOLE },
	{ "tty", required_argument, NULL, OPT_TTY },
	{ "term", required_argument, NULL, OPT_TERM },
	{ "ascii", no_argument, NULL, OPT_ASCII },
	{ "mono", no_argument, NULL, OPT_MONO },
	{ "script", required_argument, NULL, OPT_SCRIPT },
	{ "dump", no_argument, NULL, OPT_DUMP },
	{ "dump-styles", no_argument, NULL, OPT_DUMP_STYLES },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ "model", required_argument, NULL, OPT_MODEL },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* Takes one option. -1: go on; else the exit code. */
static int take_option(struct options *o, int option)
{
	struct err e = ERR_INIT;

	switch (option) {
	case OPT_CONSOLE:
		o->console = true;
		return -1;
	case OPT_TTY:
		o->loop.tty = optarg;
		return -1;
	case OPT_TERM:
		o->loop.type = optarg;
		return -1;
	case OPT_ASCII:
		o->loop.ascii = true;
		return -1;
	case OPT_MONO:
		o->loop.mono = true;
		return -1;
	case OPT_SCRIPT:
		o->script = optarg;
		return -1;
	case OPT_DUMP_STYLES:
		o->styles = true;
		__attribute__((fallthrough));
	case OPT_DUMP:
		o->dump = true;
		return -1;
	case OPT_SIZE:
		if (script_size(optarg, &o->rows, &o->cols) == 0)
			return -1;
		return program_usage(&self, "--size %s: not of the form 80x25", optarg);
	case OPT_MODEL:
		o->model = true;
		return answers_load(optarg, &e) < 0 ? program_fail(&self, &e) : -1;
	case OPT_HELP:
		return program_help(&self);
	case OPT_VERSION:
		return program_version(&self, PROGRAM_VERSION);
	default:
		return program_usage(&self, NULL);
	}
}

/* Who is logged in, for the audit log and the history of the configuration. */
static const struct model *acting;

/* The core of the running host, and what only the console looks at. */
static int system_call_fn(const char *op, json_t *params, json_t **result, struct err *e)
{
	char who[80];

	if (!strcmp(op, HOST_OP) || !strcmp(op, HOST_LIFE_OP))
		return host_call(op, params, result, e);
	if (acting->logged_in) {
		snprintf(who, sizeof(who), "%.64s (console)", acting->user);
		core_set_actor(who);
	}
	return core_call(op, params, result, e);
}

static int feed_script(struct driver *d, const char *path, struct err *e)
{
	_cleanup_free_ char *text = NULL;

	if (file_read(path, SCRIPT_MAX, &text, NULL, e) < 0 || script_run(text, d, e) < 0)
		return err_wrap(e, "%s", path);
	return 0;
}

static int dump(struct driver *d, const struct options *o, struct err *e)
{
	struct grid *g = grid_new(d->m.rows, d->m.cols);

	if (!g)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	ui_render(&d->m, g);
	grid_dump(g, o->styles, stdout);
	grid_free(g);
	return 0;
}

static int run(const struct options *o, struct err *e)
{
	struct driver d;
	int rc = 0;

	if (!o->model && core_init(NULL, e) < 0)
		return -1;
	core_on_progress(call_tell);
	driver_init(&d, o->model ? answers_call : system_call_fn, o->dump || o->model, o->rows,
		    o->cols);
	acting = &d.m;
	d.m.console = o->console;
	if (o->script || o->dump) {
		driver_refresh(&d);
		driver_continue(&d);
	}
	if (o->script)
		rc = feed_script(&d, o->script, e);
	if (rc == 0)
		rc = o->dump ? dump(&d, o, e) : loop_run(&d, &o->loop, e);
	driver_free(&d);
	answers_free();
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = { .script = getenv("DCUI_SCRIPT"), .rows = 25, .cols = 80 };
	struct err e = ERR_INIT;
	int option, rc;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		rc = take_option(&o, option);
		if (rc >= 0)
			return rc;
	}
	if (optind < argc)
		return program_usage(&self, "%s: takes no arguments", argv[optind]);
	umask(077);
	if (o.model)
		log_open_stderr("dcui");
	else
		log_open("dcui");
	if (run(&o, &e) < 0)
		return program_fail(&self, &e);
	return program_end(&self);
}
