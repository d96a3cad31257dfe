// SPDX-License-Identifier: Apache-2.0
/*
 * Worlds of both kinds in the columns of ESXi's ps: a world is a thread (WID), a
 * cartel is a process (CID). By default a line for each cartel.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/file.h"
#include "userworld/lib/program.h"
#include "version.h"

#define COMMAND_MAX 1024

static const struct program self = {
	.name = "ps",
	.usage = "[-cjsu]",
	.help = "Shows the worlds of the kernel and of users.\n"
		"  -c           the whole command line\n"
		"  -j           all worlds (threads), not only one of each cartel\n"
		"  -s           type, state and CPU as well\n"
		"  -u           userworlds only\n"
		"      --proc DIR  instead of /proc\n"
		"      --help, --version\n",
};

struct options {
	bool whole, threads, state, users;
	const char *proc;
};

struct world {
	long wid, cid;
	char name[32];
	char state;
	int cpu;
	bool kernel;
	char command[COMMAND_MAX];
};

static long number_of(const char *name)
{
	char *end;
	long n = strtol(name, &end, 10);

	return isdigit((unsigned char)*name) && !*end ? n : -1;
}

static void make_printable(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isprint((unsigned char)text[i]))
			text[i] = text[i] ? '?' : ' ';
}

/* Arguments are separated by NULs; the kernel's worlds have none. */
static void read_command(int dir, struct world *w)
{
	_cleanup_close_ int fd = openat(dir, "cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, w->command, sizeof(w->command) - 1);

	while (n > 0 && !w->command[n - 1])
		n--;
	w->kernel = n <= 0;
	w->command[n > 0 ? n : 0] = '\0';
	make_printable(w->command, n > 0 ? (size_t)n : 0);
}

/* "123 (name) S ... ": the name may hold anything, so the last bracket ends it. */
static int read_stat(int dir, struct world *w)
{
	char text[1024], *open, *close;

	if (file_read_at(dir, "stat", text, sizeof(text), NULL) < 0)
		return -1;
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (!open || !close || close < open || close[1] != ' ')
		return -1;
	snprintf(w->name, sizeof(w->name), "%.*s", (int)(close - open - 1), open + 1);
	make_printable(w->name, strlen(w->name));
	w->state = close[2];
	w->cpu = 0;
	for (int field = 2; close && field < 39; field++)
		close = strchr(close + 1, ' ');
	if (close)
		w->cpu = atoi(close + 1);
	return 0;
}

static const char *state_name(char state)
{
	switch (state) {
	case 'R':
		return "RUN";
	case 'D':
		return "BUSYWAIT";
	case 'T':
	case 't':
		return "STOP";
	case 'Z':
	case 'X':
		return "ZOMBIE";
	default:
		return "WAIT";
	}
}

static void print(const struct options *o, const struct world *w)
{
	char kernel[40];
	const char *text = w->command;
	size_t len = o->whole ? strlen(text) : strcspn(text, " ");

	if (o->users && w->kernel)
		return;
	if (w->kernel) {
		snprintf(kernel, sizeof(kernel), "[%s]", w->name);
		text = kernel;
		len = strlen(kernel);
	}
	printf("%-8ld %-8ld %-18s ", w->wid, w->cid, w->name);
	if (o->state)
		printf("%-7s %-9s %-4d ", w->kernel ? "System" : "User", state_name(w->state),
		       w->cpu);
	printf("%.*s\n", (int)len, text);
}

static int is_number(const struct dirent *entry)
{
	return number_of(entry->d_name) >= 0;
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	long x = number_of((*a)->d_name), y = number_of((*b)->d_name);

	return x < y ? -1 : x > y;
}

/* One that ends meanwhile is left out. */
static void show_world(const struct options *o, int above, const char *path, struct world *w)
{
	_cleanup_close_ int dir = openat(above, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir >= 0 && read_stat(dir, w) == 0)
		print(o, w);
}

static void show_threads(const struct options *o, int dir, struct world *w)
{
	struct dirent **tasks;
	int n = scandirat(dir, "task", &tasks, is_number, by_number);

	for (int i = 0; i < n; i++) {
		char path[32];

		w->wid = number_of(tasks[i]->d_name);
		snprintf(path, sizeof(path), "task/%ld", w->wid);
		show_world(o, dir, path, w);
		free(tasks[i]);
	}
	if (n >= 0)
		free(tasks);
}

static void show_cartel(const struct options *o, int proc, const char *cid)
{
	_cleanup_close_ int dir = openat(proc, cid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct world w = { .wid = number_of(cid), .cid = number_of(cid) };

	if (dir < 0)
		return;
	read_command(dir, &w);
	if (o->threads)
		show_threads(o, dir, &w);
	else
		show_world(o, proc, cid, &w);
}

static int show(const struct options *o, struct err *e)
{
	_cleanup_close_ int proc = open(o->proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **cartels;
	int n = proc < 0 ? -1 : scandirat(proc, ".", &cartels, is_number, by_number);

	if (n < 0)
		return err_sys(e, errno, "%s", o->proc);
	printf("%-8s %-8s %-18s ", "WID", "CID", "World Name");
	if (o->state)
		printf("%-7s %-9s %-4s ", "Type", "State", "CPU");
	puts("Command");
	for (int i = 0; i < n; i++) {
		show_cartel(o, proc, cartels[i]->d_name);
		free(cartels[i]);
	}
	free(cartels);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "proc", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct options o = { .proc = "/proc" };
	struct err e = ERR_INIT;
	int c;

	while ((c = getopt_long(argc, argv, "cjsu", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o.whole = true;
			break;
		case 'j':
			o.threads = true;
			break;
		case 's':
			o.state = true;
			break;
		case 'u':
			o.users = true;
			break;
		case 'p':
			o.proc = optarg;
			break;
		case 'h':
			return program_help(&self);
		case 'V':
			return program_version(&self, PROGRAM_VERSION);
		default:
			return program_usage(&self, NULL);
		}
	}
	if (optind < argc)
		return program_usage(&self, "unexpected '%s'", argv[optind]);
	return show(&o, &e) < 0 ? program_fail(&self, &e) : program_end(&self);
}
