// SPDX-License-Identifier: Apache-2.0
/*
 * fsbench [-b BIG] [-j JOBS] [-n ROUNDS] DIR[:DIR]... LIST ROW[=LABEL]...
 *	rows in each DIR, over the files in LIST; -j: by that many processes together;
 *	-n: each row in all folders in turn, and that so often
 * fsbench -c LABEL COMMAND...		a command from its start to its end
 * fsbench -l DIR BELOW COUNT		mounts an overlayfs of BELOW/0, BELOW/1... on DIR
 * fsbench -s [-w] [-n ROUNDS] DIR LIST A B	switches between tardisks A and B; -w: see switch.h
 * fsbench -z FILE [-o]			decompresses FILE; -o: to standard output
 *
 * Prints "LABEL ITEMS NANOSECONDS", with several folders "LABEL@DIR ITEMS NANOSECONDS".
 * Under QEMU's -icount shift=0 a nanosecond of the guest's clock is one instruction, of
 * whoever executes it: run it on one processor that has nothing else to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/jobs.h"
#include "tests/bench/layers.h"
#include "tests/bench/switch.h"
#include "tests/bench/unzstd.h"

#define MOST_DIRS 16

struct options {
	char *dirs[MOST_DIRS];
	size_t dir_count;
	unsigned int jobs, rounds;
};

static void *grow(void *p, size_t count, size_t size)
{
	p = reallocarray(p, count, size);
	if (!p)
		fail("memory");
	return p;
}

/* The list stays in memory to the end of the program. */
static void read_list(const char *path, struct files *files)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (!f)
		fail(path);
	while ((len = getline(&line, &room, f)) > 0) {
		size_t n = files->count++;

		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		files->names = grow(files->names, files->count, sizeof(char *));
		files->misses = grow(files->misses, files->count, sizeof(char *));
		files->names[n] = strdup(line);
		if (!files->names[n] || asprintf(&files->misses[n], "%s~", line) < 0)
			fail("memory");
	}
	free(line);
	fclose(f);
}

static void split_dirs(char *word, struct options *o)
{
	for (char *dir = strtok(word, ":"); dir; dir = strtok(NULL, ":")) {
		errno = E2BIG;
		if (o->dir_count == MOST_DIRS)
			fail("too many folders");
		o->dirs[o->dir_count++] = dir;
	}
}

/* word is ROW or ROW=LABEL; dir is only named if there are several. */
static void run_row(const char *word, const struct files *files, unsigned int jobs, const char *dir)
{
	const char *label = strchrnul(word, '=');
	char *name = strndup(word, (size_t)(label - word)), *title;
	const struct row *row = row_find(name);
	uint64_t items, ns, begin;

	label = *label ? label + 1 : name;
	if (asprintf(&title, dir ? "%s@%s" : "%s", label, dir) < 0)
		fail("memory");
	if (jobs) {
		items = jobs_run(row, files, jobs, &ns);
	} else {
		begin = span_begin();
		items = row->run(files);
		ns = span_end(begin);
	}
	span_print(title, items, ns);
	free(title);
	free(name);
}

static void run_rows(const struct options *o, const struct files *files, char **rows)
{
	int top = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (unsigned int round = 0; round < o->rounds; round++)
		for (char **row = rows; *row; row++)
			for (size_t i = 0; i < o->dir_count; i++) {
				if (top < 0 || fchdir(top) || chdir(o->dirs[i]))
					fail(o->dirs[i]);
				run_row(*row, files, o->jobs, o->dir_count > 1 ? o->dirs[i] : NULL);
			}
	close(top);
}

static int run_command(const char *label, char **argv)
{
	uint64_t begin = span_begin();
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(argv[0], argv);
		fail(argv[0]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail(argv[0]);
	span_print(label, 1, span_end(begin));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int usage(void)
{
	fprintf(stderr, "usage: fsbench [-b BIG] [-j JOBS] [-n ROUNDS] DIR[:DIR]... LIST "
			"ROW[=LABEL]...\n"
			"       fsbench -c LABEL COMMAND...\n"
			"       fsbench -l DIR BELOW COUNT\n"
			"       fsbench -s [-w] [-n ROUNDS] DIR LIST A B\n"
			"       fsbench -z FILE [-o]\n");
	return 2;
}

static int run_mode(int mode, const struct options *o, struct files *files, bool watch, int argc,
		    char **argv)
{
	if (mode == 'c' && argc > 1)
		return run_command(argv[0], argv + 1);
	if (mode == 'l' && argc == 3)
		return layers_mount(argv[0], argv[1], (unsigned int)atoi(argv[2]));
	if (mode == 's' && argc == 4) {
		read_list(argv[1], files);
		if (chdir(argv[0]))
			fail(argv[0]);
		return switch_measure(".", files, argv[2], argv[3], o->rounds, watch);
	}
	return usage();
}

int main(int argc, char **argv)
{
	struct options o = { .rounds = 1 };
	struct files files = { .workers = 1 };
	bool watch = false;
	int option, mode = 0;

	while ((option = getopt(argc, argv, "+b:cj:ln:swz:")) != -1) {
		switch (option) {
		case 'b':
			files.big = optarg;
			break;
		case 'j':
			o.jobs = (unsigned int)atoi(optarg);
			break;
		case 'n':
			o.rounds = (unsigned int)atoi(optarg);
			break;
		case 'c':
		case 'l':
		case 's':
			mode = option;
			break;
		case 'w':
			watch = true;
			break;
		case 'z':
			unzstd(optarg, optind < argc && !strcmp(argv[optind], "-o"));
			return 0;
		default:
			return usage();
		}
	}
	argc -= optind;
	argv += optind;
	if (mode)
		return run_mode(mode, &o, &files, watch, argc, argv);
	if (argc < 3)
		return usage();
	rows_prepare();
	split_dirs(argv[0], &o);
	read_list(argv[1], &files);
	run_rows(&o, &files, argv + 2);
	return 0;
}
