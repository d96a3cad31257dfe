// SPDX-License-Identifier: Apache-2.0
/* Locks of all kinds, and leases. */
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "posix.h"

static int lock(int fd, int cmd, short type, off_t start, off_t len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &fl);
}

/* Whether another process could lock a range: 0, or the errno. */
static int other_process(const char *path, short type, off_t start, off_t len)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		int fd = open(path, O_RDWR | O_CLOEXEC);

		_exit(lock(fd, F_SETLK, type, start, len) ? errno : 0);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static void record_locks(void)
{
	int fd = (int)OK(open("file", O_RDWR | O_CLOEXEC)), second;

	OK(lock(fd, F_SETLK, F_WRLCK, 100, 50));
	IS(other_process("file", F_RDLCK, 120, 10), EAGAIN);
	IS(other_process("file", F_WRLCK, 0, 100), 0);
	IS(other_process("hard2", F_WRLCK, 0, 100), 0);
	OK(lock(fd, F_SETLK, F_RDLCK, 100, 50));
	IS(other_process("file", F_RDLCK, 120, 10), 0);
	/* Closing any descriptor of the file lets the process's locks go. */
	second = (int)OK(open("file", O_RDONLY | O_CLOEXEC));
	close(second);
	IS(other_process("file", F_WRLCK, 120, 10), 0);
	/* Open file description locks stay with theirs. */
	OK(lock(fd, F_OFD_SETLK, F_WRLCK, 0, 0));
	second = (int)OK(open("file", O_RDWR | O_CLOEXEC));
	FAILS(EAGAIN, lock(second, F_OFD_SETLK, F_RDLCK, 5, 1));
	OK(lock(fd, F_OFD_SETLK, F_UNLCK, 0, 0));
	OK(lock(second, F_OFD_SETLK, F_RDLCK, 5, 1));
	close(second);
	close(fd);
	fd = (int)OK(open("file", O_RDONLY | O_CLOEXEC));
	FAILS(EBADF, lock(fd, F_SETLK, F_WRLCK, 0, 0));
	close(fd);
}

static void whole_locks(void)
{
	int a = (int)OK(open("big", O_RDONLY | O_CLOEXEC));
	int b = (int)OK(open("big", O_RDONLY | O_CLOEXEC));

	OK(flock(a, LOCK_SH));
	OK(flock(b, LOCK_SH | LOCK_NB));
	FAILS(EAGAIN, flock(a, LOCK_EX | LOCK_NB));
	OK(flock(b, LOCK_UN));
	OK(flock(a, LOCK_EX | LOCK_NB));
	/* The file may be changed and lose its name: the lock is the file's. */
	OK(truncate("big", 100));
	FAILS(EAGAIN, flock(b, LOCK_SH | LOCK_NB));
	close(a);
	OK(flock(b, LOCK_EX | LOCK_NB));
	close(b);
	a = (int)OK(open("dir", O_RDONLY | O_CLOEXEC));
	b = (int)OK(open("dir", O_RDONLY | O_CLOEXEC));
	OK(flock(a, LOCK_EX));
	FAILS(EAGAIN, flock(b, LOCK_SH | LOCK_NB));
	close(a);
	close(b);
}

static void leases(void)
{
	int fd = (int)OK(open("owned", O_RDONLY | O_CLOEXEC)), pid, status;

	signal(SIGIO, SIG_IGN);
	OK(fcntl(fd, F_SETLEASE, F_RDLCK));
	IS(fcntl(fd, F_GETLEASE), F_RDLCK);
	pid = fork();
	if (!pid)
		_exit(open_close("owned", O_WRONLY | O_NONBLOCK) ? errno : 0);
	waitpid(pid, &status, 0);
	IS(WEXITSTATUS(status), EWOULDBLOCK);
	OK(fcntl(fd, F_SETLEASE, F_UNLCK));
	OK(fcntl(fd, F_SETLEASE, F_WRLCK));
	pid = fork();
	if (!pid)
		_exit(open_close("owned", O_RDONLY | O_NONBLOCK) ? errno : 0);
	waitpid(pid, &status, 0);
	IS(WEXITSTATUS(status), EWOULDBLOCK);
	OK(fcntl(fd, F_SETLEASE, F_UNLCK));
	close(fd);
}

static void sockets(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "open/socket" };
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), c;

	OK(bind(s, (struct sockaddr *)&address, sizeof(address)));
	IS(S_ISSOCK(st("open/socket").st_mode), 1);
	FAILS(EADDRINUSE, bind(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
			       (struct sockaddr *)&address, sizeof(address)));
	OK(listen(s, 1));
	c = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	OK(rename("open/socket", "void/socket"));
	FAILS(ENOENT, connect(c, (struct sockaddr *)&address, sizeof(address)));
	strcpy(address.sun_path, "void/socket");
	OK(connect(c, (struct sockaddr *)&address, sizeof(address)));
	close(c);
	close(s);
	OK(unlink("void/socket"));
}

void topic_locks(void)
{
	record_locks();
	whole_locks();
	leases();
	sockets();
}
