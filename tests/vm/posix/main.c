// SPDX-License-Identifier: Apache-2.0
/*
 * posixtool make DIR		fills DIR with what the topics work on
 * posixtool change DIR		changes every file and directory there, to what it was
 * posixtool run DIR [-t] [-v] [TOPIC]...
 *
 * Does in DIR what POSIX and the man pages describe, topic by topic, and prints
 * a line for each answer that differs. Runs as root; tests what other users
 * may as well. -t: DIR is a tardisk's; -v: it is on visorfs.
 *
 * Exit 0: all as it should be; 1: a difference; 2: usage.
 */
#include <sys/wait.h>

#include "posix.h"

bool from_tardisk, on_visorfs;

/* In the order of their names. */
const struct topic topics[] = {
	{ "access", topic_access },   { "chmod", topic_chmod },
	{ "data", topic_data },	      { "directories", topic_directories },
	{ "errors", topic_errors },   { "exec", topic_exec },
	{ "handles", topic_handles }, { "links", topic_links },
	{ "locks", topic_locks },     { "mapped", topic_mapped },
	{ "nodes", topic_nodes },     { "notify", topic_notify },
	{ "open", topic_open },	      { "ownership", topic_ownership },
	{ "readdir", topic_readdir }, { "rename", topic_rename },
	{ "space", topic_space },     { "stat", topic_stat },
	{ "sticky", topic_sticky },   { "times", topic_times },
	{ "tmpfile", topic_tmpfile }, { "truncate", topic_truncate },
	{ "xattrs", topic_xattrs },   { NULL, NULL },
};

static int run_topic(const struct topic *t, const char *dir)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		umask(022);
		alarm(300);
		if (chdir(dir) || chdir(t->name)) {
			perror(t->name);
			_exit(1);
		}
		t->run();
		_exit(finish_topic(t->name));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
		printf("FAIL %s: ended by signal %d\n", t->name, WTERMSIG(status));
		return 1;
	}
	return WEXITSTATUS(status);
}

static bool wanted(const char *name, char **list)
{
	if (!*list)
		return true;
	for (; *list; list++)
		if (!strcmp(name, *list))
			return true;
	return false;
}

static int run(char **argv)
{
	const char *dir = *argv++;
	int failed = 0;

	for (; *argv && **argv == '-'; argv++) {
		if (!strcmp(*argv, "-t"))
			from_tardisk = true;
		else if (!strcmp(*argv, "-v"))
			on_visorfs = true;
	}
	for (const struct topic *t = topics; t->name; t++)
		if (wanted(t->name, argv))
			failed |= run_topic(t, dir);
	return failed;
}

int main(int argc, char **argv)
{
	/* What topic "exec" runs: says who it is, waits, or tries what needs a capability. */
	if (argc == 2 && !strcmp(argv[1], "whoami")) {
		printf("%d %d\n", (int)geteuid(), (int)getegid());
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "wait")) {
		while (read(0, (char[1]){ 0 }, 1) > 0)
			;
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "chown"))
		return chown(argv[2], OTHER, OTHER) ? 1 : 0;
	if (argc >= 3 && !strcmp(argv[1], "run"))
		return run(argv + 2);
	if (argc == 3 && !strcmp(argv[1], "make")) {
		make_tree(argv[2]);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "change")) {
		change_tree(argv[2]);
		return 0;
	}
	fprintf(stderr, "usage: posixtool make DIR | change DIR | run DIR [-t] [-v] [TOPIC]...\n");
	return 2;
}
