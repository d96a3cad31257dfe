// SPDX-License-Identifier: Apache-2.0
#include "hwdog.h"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "userworld/lib/kargs.h"
#include "userworld/lib/log.h"

#define SIGNS 4 /* of life in the time it waits */

/* Seconds it waits by the kernel's arguments; 0: it is not wanted. */
static int wanted(const struct table *t)
{
	char text[16];
	int n;

	if (!kargs_value(t->cmdline, HWDOG_ARG, text, sizeof(text)))
		return HWDOG_TIMEOUT;
	n = atoi(text);
	return n > 0 ? n : 0;
}

static int64_t period(struct table *t)
{
	int seconds = 0;

	if (ioctl(t->hwdog, WDIOC_GETTIMEOUT, &seconds) < 0 || seconds < SIGNS)
		seconds = SIGNS;
	return (int64_t)seconds * 1000 / SIGNS;
}

void hwdog_open(struct table *t)
{
	int seconds = wanted(t);

	if (t->hwdog >= 0 || !seconds || t->shutting_down)
		return;
	t->hwdog = open(HWDOG_DEVICE, O_WRONLY | O_CLOEXEC);
	if (t->hwdog < 0)
		return;
	if (ioctl(t->hwdog, WDIOC_SETTIMEOUT, &seconds) < 0)
		ioctl(t->hwdog, WDIOC_GETTIMEOUT, &seconds);
	t->hwdog_due = t->now;
	log_info("hardware watchdog: resets the host after %d s without a sign of life", seconds);
}

int64_t hwdog_settle(struct table *t)
{
	if (t->hwdog < 0)
		return 0;
	if (t->now >= t->hwdog_due) {
		if (ioctl(t->hwdog, WDIOC_KEEPALIVE, 0) < 0)
			log_warn(HWDOG_DEVICE);
		t->hwdog_due = t->now + period(t);
	}
	return t->hwdog_due;
}

void hwdog_off(struct table *t)
{
	/* The magic character: closing it now is meant. */
	if (t->hwdog >= 0 && write(t->hwdog, "V", 1) != 1)
		log_warn(HWDOG_DEVICE);
	close_fd(&t->hwdog);
}
