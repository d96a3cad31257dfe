// SPDX-License-Identifier: Apache-2.0
/* What the last-line programs have told comes into the store of events at once. */
#include "collect.h"

#include <unistd.h>

#include "log.h"
#include "userworld/core/event.h"

#define AGAIN_SECONDS 5 /* after a failure; the spool keeps what there is */

static struct {
	int fd;
	struct event *later;
	void (*told)(void);
} news;

static void collect(void)
{
	struct timeval again = { .tv_sec = AGAIN_SECONDS };
	static bool told;
	struct err e = ERR_INIT;

	event_watch_clear(news.fd);
	if (event_collect(&e) == 0) {
		told = false;
		return;
	}
	if (!told)
		log_warnx("events wait in the spool: %s", e.text);
	told = true;
	event_add(news.later, &again);
}

static void on_news(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	collect();
	news.told();
}

int collect_start(struct event_base *base, void (*told)(void), struct err *e)
{
	struct event *ready;

	news.told = told;
	news.fd = event_watch_open(e);
	if (news.fd < 0)
		return -1;
	ready = event_new(base, news.fd, EV_READ | EV_PERSIST, on_news, NULL);
	news.later = evtimer_new(base, on_news, NULL);
	if (!ready || !news.later || event_add(ready, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	collect();
	return 0;
}
