// SPDX-License-Identifier: Apache-2.0
/*
 * Locks that are held while the file changes, is hidden and comes back, and
 * what another process meets that opens the path: a line after each command.
 */
#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GONE, FREE, HELD };
static const char *const says[] = { "gone", "free", "held" };

static volatile sig_atomic_t breaks;
static int leased = -1;

/* The lease goes, so that whoever wants the file gets it. */
static void on_break(int signal)
{
	(void)signal;
	breaks++;
	fcntl(leased, F_SETLEASE, F_UNLCK);
}

static struct flock whole(short type)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET };
}

/* Another process's view of the path; how says what it tries. */
static int look(const char *path, int how)
{
	struct flock lock = whole(F_WRLCK);
	int status, fd;
	pid_t child = fork();

	must(child >= 0, "fork");
	if (!child) {
		fd = open(path, O_RDWR | O_CLOEXEC); /* waits until a lease is gone */
		if (fd < 0)
			_exit(errno == ENOENT ? GONE : 9);
		if (how == 'p' && fcntl(fd, F_SETLK, &lock))
			_exit(errno == EAGAIN ? HELD : 9);
		if (how == 'o' && fcntl(fd, F_OFD_SETLK, &lock))
			_exit(errno == EAGAIN ? HELD : 9);
		if (how == 'f' && flock(fd, LOCK_EX | LOCK_NB))
			_exit(errno == EWOULDBLOCK ? HELD : 9);
		_exit(FREE);
	}
	while (waitpid(child, &status, 0) < 0)
		must(errno == EINTR, "waitpid");
	must(WIFEXITED(status) && WEXITSTATUS(status) <= HELD, "%s: status %x", path, status);
	return WEXITSTATUS(status);
}

static int look_at_lease(const char *path)
{
	int before = breaks, seen = look(path, 'l');

	if (seen != FREE || breaks == before)
		return seen;
	must(!fcntl(leased, F_SETLEASE, F_RDLCK), "taking the lease again");
	return HELD;
}

/* FILE has a POSIX lock and a flock, FILE-leased a read lease. */
int topic_locks(char **words)
{
	struct sigaction action = { .sa_handler = on_break };
	struct flock lock = whole(F_WRLCK);
	char other[4096];
	int fd, another;

	snprintf(other, sizeof(other), "%s-leased", words[0]);
	fd = open(words[0], O_RDWR | O_CLOEXEC);
	another = open(words[0], O_RDONLY | O_CLOEXEC);
	leased = open(other, O_RDONLY | O_CLOEXEC);
	must(fd >= 0 && another >= 0 && leased >= 0, "open %s", words[0]);
	must(!sigaction(SIGIO, &action, NULL), "sigaction");
	must(!fcntl(fd, F_SETLK, &lock), "POSIX lock");
	must(!flock(another, LOCK_EX | LOCK_NB), "flock");
	must(!fcntl(leased, F_SETLEASE, F_RDLCK), "lease");
	for (char **command = words + 1; *command; command++) {
		run_command(*command);
		printf("posix %s, open file %s, flock %s, lease %s\n", says[look(words[0], 'p')],
		       says[look(words[0], 'o')], says[look(words[0], 'f')],
		       says[look_at_lease(other)]);
	}
	lock.l_type = F_UNLCK;
	must(!fcntl(fd, F_SETLK, &lock) && !flock(another, LOCK_UN), "unlocking");
	return 0;
}
