// SPDX-License-Identifier: Apache-2.0
/*
 * asker COUNT MS asks hostd over its local socket COUNT times, a question every MS
 * milliseconds, and prints what share of the answers took how long: "COUNT failed
 * p50 p99 max", in microseconds. Time counts from when a question was due, so a slow
 * answer counts for those that had to wait behind it as well. The asker itself gets the
 * processor before others: what is measured is hostd.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define QUESTION "GET /api/v1/system/version HTTP/1.0\r\nHost: localhost\r\n\r\n"
#define GOOD "HTTP/1.0 200"
#define MOST 100000

static long took[MOST];

static int ask(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "/run/hostd.sock" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char answer[16384];
	size_t have = 0;
	ssize_t n = -1;

	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    write(fd, QUESTION, strlen(QUESTION)) == (ssize_t)strlen(QUESTION))
		while ((n = read(fd, answer + have, sizeof(answer) - have)) > 0)
			have += (size_t)n;
	if (fd >= 0)
		close(fd);
	/* The version does not matter; 200 does. */
	return n == 0 && have > strlen(GOOD) && !memcmp(answer + 8, GOOD + 8, 4) ? 0 : -1;
}

static long micros_since(const struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - t->tv_sec) * 1000000 + (now.tv_nsec - t->tv_nsec) / 1000;
}

static void add(struct timespec *t, long ms)
{
	t->tv_nsec += ms * 1000000;
	t->tv_sec += t->tv_nsec / 1000000000;
	t->tv_nsec %= 1000000000;
}

static int by_size(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const struct sched_param first = { .sched_priority = 2 };
	int count = argc == 3 ? atoi(argv[1]) : 0, failed = 0;
	struct timespec due;

	if (count < 1 || count > MOST || atol(argv[2]) < 1 || atol(argv[2]) > 999) {
		fprintf(stderr, "usage: asker COUNT MS\n");
		return 2;
	}
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0 || sched_setscheduler(0, SCHED_FIFO, &first) < 0)
		perror("asker");
	clock_gettime(CLOCK_MONOTONIC, &due);
	for (int i = 0; i < count; i++) {
		add(&due, atol(argv[2]));
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
		failed += ask() < 0;
		took[i] = micros_since(&due);
	}
	qsort(took, (size_t)count, sizeof(took[0]), by_size);
	printf("%d %d %ld %ld %ld\n", count, failed, took[count / 2], took[count * 99 / 100],
	       took[count - 1]);
	return 0;
}
