// SPDX-License-Identifier: Apache-2.0
/*
 * fsbench [-b BIG] DIR LIST ROW[=LABEL]...	runs rows in DIR over the files in LIST
 * fsbench -c LABEL COMMAND...		a command from its start to its end
 * fsbench -z FILE [-o]			decompresses FILE; -o: to standard output
 *
 * Prints "LABEL ITEMS NANOSECONDS". Under QEMU's -icount shift=0 a nanosecond of
 * the guest's clock is one instruction, of whoever executes it: run it on one
 * processor that has nothing else to do.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "tests/bench/rows.h"

void fail(const char *what)
{
	fprintf(stderr, "fsbench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void report(const char *label, uint64_t items, uint64_t start)
{
	printf("%s %" PRIu64 " %" PRIu64 "\n", label, items, now() - start);
}

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

static void run_row(char *word, const struct files *files)
{
	char *label = strchr(word, '=');
	uint64_t start, items;

	if (label)
		*label++ = '\0';
	for (const struct row *row = rows; row->name; row++)
		if (!strcmp(row->name, word)) {
			start = now();
			items = row->run(files);
			report(label ? label : word, items, start);
			return;
		}
	errno = EINVAL;
	fail(word);
}

static int run_command(const char *label, char **argv)
{
	uint64_t start = now();
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(argv[0], argv);
		fail(argv[0]);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail(argv[0]);
	report(label, 1, start);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void *read_file(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	char *data;

	if (end < 0)
		fail(path);
	*size = (size_t)end;
	data = grow(NULL, *size + 1, 1);
	if (pread(fd, data, *size, 0) != end)
		fail(path);
	close(fd);
	return data;
}

static void unzstd(const char *path, bool output)
{
	static char out[1024 * 1024];
	ZSTD_DStream *zstd = ZSTD_createDStream();
	ZSTD_inBuffer in = { 0 };
	uint64_t start, bytes = 0;

	in.src = read_file(path, &in.size);
	start = now();
	while (in.pos < in.size) {
		ZSTD_outBuffer to = { out, sizeof(out), 0 };

		errno = EBADMSG;
		if (ZSTD_isError(ZSTD_decompressStream(zstd, &to, &in)))
			fail(path);
		if (output && write(STDOUT_FILENO, out, to.pos) != (ssize_t)to.pos)
			fail("standard output");
		bytes += to.pos;
	}
	if (!output)
		report("unzstd", bytes / 4096, start);
	ZSTD_freeDStream(zstd);
}

int main(int argc, char **argv)
{
	struct files files = { 0 };
	int option;

	while ((option = getopt(argc, argv, "+b:cz:")) != -1) {
		switch (option) {
		case 'b':
			files.big = optarg;
			break;
		case 'c':
			return run_command(argv[optind], argv + optind + 1);
		case 'z':
			unzstd(optarg, optind < argc && !strcmp(argv[optind], "-o"));
			return 0;
		default:
			return 2;
		}
	}
	if (argc - optind < 3) {
		fprintf(stderr, "usage: fsbench [-b BIG] DIR LIST ROW[=LABEL]...\n");
		return 2;
	}
	rows_prepare();
	read_list(argv[optind + 1], &files);
	if (chdir(argv[optind]))
		fail(argv[optind]);
	for (int i = optind + 2; i < argc; i++)
		run_row(argv[i], &files);
	return 0;
}
