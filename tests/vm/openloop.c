// SPDX-License-Identifier: Apache-2.0
/*
 * openloop FILE... opens and reads the first byte of each file again and again
 * until SIGTERM, then says "OPENS FAILED". Readers of a host whose bundles come
 * and go must not notice.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t end;

static void on_term(int sig)
{
	(void)sig;
	end = 1;
}

int main(int argc, char **argv)
{
	unsigned long opens = 0, failed = 0;

	signal(SIGTERM, on_term);
	while (!end) {
		for (int i = 1; i < argc; i++) {
			int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
			char byte;

			opens++;
			if (fd < 0 || read(fd, &byte, 1) != 1)
				failed++;
			if (fd >= 0)
				close(fd);
		}
		/* Others want to run on the one processor, too. */
		usleep(1000);
	}
	printf("%lu %lu\n", opens, failed);
	return failed ? 1 : 0;
}
