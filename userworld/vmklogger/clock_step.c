// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <syslog.h>
#include <unistd.h>

#define STEP_LEAST 100000	    /* microseconds worth a line */
#define FAR_AWAY (INT64_C(1) << 40) /* seconds since 1970: the timer itself never fires */

static int arm(int fd)
{
	struct itimerspec its = { .it_value.tv_sec = FAR_AWAY };

	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &its, NULL);
}

int clock_open(struct clock_source *c, struct err *e)
{
	c->boot = clock_now().boot;
	c->fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (c->fd < 0 || arm(c->fd) < 0)
		return err_sys(e, errno, "timerfd");
	return 0;
}

void clock_changed(struct clock_source *c, struct sink *s)
{
	uint64_t ticks;
	char text[120];
	int64_t step;
	struct boot_clock now;

	/* ECANCELED is what we wait for; reading is also what makes it quiet again. */
	if (read(c->fd, &ticks, sizeof(ticks)) < 0 && errno != ECANCELED)
		return;
	arm(c->fd);
	now = clock_now();
	step = now.boot - c->boot;
	c->boot = now.boot;
	if (step > -STEP_LEAST && step < STEP_LEAST)
		return;
	snprintf(text, sizeof(text),
		 "the clock was set %s by %.3f s; add that to times before this line",
		 step > 0 ? "forward" : "back", (double)(step > 0 ? step : -step) / 1e6);
	sink_event(s, EVENT_CLOCK_STEPPED, EVENT_WITH(EVENT_NUM("ms", step / 1000)), text);
}
