// SPDX-License-Identifier: Apache-2.0
/*
 * logflood WRITERS LINES RATE: so many processes write numbered lines to /dev/log,
 * together RATE a second (0: as quickly as they can). Prints the milliseconds it took.
 * A writer waits for a logger that is behind, as syslog(3) does.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int writer(int n, long lines, long rate)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	int64_t begun = now_us();
	char text[128];

	for (long i = 0; i < lines; i++) {
		int len = snprintf(text, sizeof(text),
				   "<30>flood%d: line %ld of a flood that nobody may lose", n, i);
		int64_t ahead = rate ? begun + i * 1000000 / rate - now_us() : 0;

		if (ahead > 0)
			usleep((useconds_t)ahead);
		if (sendto(fd, text, (size_t)len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int writers = argc > 3 ? atoi(argv[1]) : 0, status, failed = 0;
	int64_t begun = now_us();

	for (int i = 0; i < writers; i++)
		if (fork() == 0)
			_exit(writer(i, atol(argv[2]), atol(argv[3]) / writers));
	while (wait(&status) > 0)
		failed += status != 0;
	printf("%lld\n", (long long)(now_us() - begun) / 1000);
	return failed || !writers;
}
