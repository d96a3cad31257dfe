// SPDX-License-Identifier: Apache-2.0
/* A process whose root and current directory go away under it. */
#include "reach.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Entries of a directory but its own two, or -errno. */
static int count(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	int n = 0;

	if (!d)
		return -errno;
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static int error_of(int result)
{
	return result < 0 ? errno : 0;
}

static void look_around(void)
{
	struct stat st = { 0 };
	char cwd[64];

	printf("names %d, ", count("/"));
	printf("here %d, ", count("."));
	printf("make %d, ", error_of(open("/new", O_CREAT | O_WRONLY | O_CLOEXEC, 0600)));
	printf("directory %d, ", error_of(mkdir("new", 0700)));
	unlink("/new"); /* what a user made would keep the directory */
	rmdir("new");
	printf("up %d, ", error_of(chdir("..")));
	printf("stat %d links %lu, ", error_of(stat("/", &st)), (unsigned long)st.st_nlink);
	printf("cwd %s\n", getcwd(cwd, sizeof(cwd)) ? cwd : "none");
	fflush(stdout);
}

/* DIR/below is where the process is, DIR its root. */
int topic_jail(char **words)
{
	int go[2], ready[2], status;
	char byte;
	pid_t child;

	must(!pipe2(go, O_CLOEXEC) && !pipe2(ready, O_CLOEXEC), "pipe");
	child = fork();
	if (!child) {
		must(!chdir(words[0]) && !chroot(".") && !chdir("below"), "%s", words[0]);
		look_around();
		must(!chdir("/below"), "/below");
		must(write(ready[1], "", 1) == 1 && read(go[0], &byte, 1) == 1, "pipe");
		look_around();
		_exit(0);
	}
	close(ready[1]);
	must(read(ready[0], &byte, 1) == 1, "the process in %s ended", words[0]);
	run_command(words[1]);
	must(write(go[1], "", 1) == 1, "pipe");
	must(waitpid(child, &status, 0) == child && status == 0, "status %x", status);
	return 0;
}
