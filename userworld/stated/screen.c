// SPDX-License-Identifier: Apache-2.0
#include "screen.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cleanup.h"

static void say_on(const char *path, const char *text)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		dprintf(fd, "\r\n  %s\r\n", text);
}

void screen_say(const char *text)
{
	say_on("/dev/tty2", text);
	say_on("/dev/console", text);
}
