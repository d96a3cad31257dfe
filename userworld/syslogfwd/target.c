// SPDX-License-Identifier: Apache-2.0
#include "target.h"

#include <event2/util.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "userworld/lib/log.h"
#include "userworld/vmklogger/record.h"

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	target_open(arg);
}

int target_init(struct target *t, struct forwarder *f, const struct address *at, struct err *e)
{
	t->f = f;
	t->at = *at;
	t->retry = evtimer_new(f->base, on_retry, t);
	return t->retry ? 0 : err_set(e, ERR_NO_SPACE, "out of memory");
}

static void close_dns(struct target *t)
{
	if (t->dns)
		evdns_base_free(t->dns, 0);
	t->dns = NULL;
}

void target_lost(struct target *t, const char *why)
{
	struct timeval tv;

	if (strcmp(t->why, why))
		log_warnx("%s is away: %s; messages are kept", t->at.text, why);
	snprintf(t->why, sizeof(t->why), "%s", why);
	stream_close(t);
	datagram_close(t);
	t->state = TARGET_AWAY;
	t->sent = t->taken;
	t->delay = t->delay ? t->delay * 2 : 1;
	if (t->delay > t->f->settings.remote.retry)
		t->delay = t->f->settings.remote.retry;
	tv = (struct timeval){ .tv_sec = t->delay };
	evtimer_add(t->retry, &tv);
}

void target_up(struct target *t)
{
	t->state = TARGET_UP;
	t->why[0] = '\0';
	log_info("%s: messages are sent", t->at.text);
	target_pump(t);
}

static void on_address(int rc, struct evutil_addrinfo *list, void *arg)
{
	struct target *t = arg;

	if (rc == EVUTIL_EAI_CANCEL)
		return;
	if (rc || !list) {
		target_lost(t, rc ? evutil_gai_strerror(rc) : "its name has no address");
	} else if (t->at.transport == TRANSPORT_UDP) {
		datagram_open(t, list->ai_addr, (socklen_t)list->ai_addrlen);
	} else {
		stream_open(t, list->ai_addr, (socklen_t)list->ai_addrlen);
	}
	if (list)
		evutil_freeaddrinfo(list);
}

/* Name servers may have changed since the last try, so they are read each time. */
void target_open(struct target *t)
{
	struct evutil_addrinfo hints = { .ai_family = AF_UNSPEC };

	hints.ai_socktype = t->at.transport == TRANSPORT_UDP ? SOCK_DGRAM : SOCK_STREAM;
	t->state = TARGET_CONNECTING;
	close_dns(t);
	t->dns = evdns_base_new(t->f->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (!t->dns) {
		target_lost(t, "out of memory");
		return;
	}
	evdns_base_resolv_conf_parse(t->dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
	evdns_getaddrinfo(t->dns, t->at.host, t->at.port, &hints, on_address, t);
}

void target_pump(struct target *t)
{
	if (t->state != TARGET_UP)
		return;
	if (t->at.transport == TRANSPORT_UDP)
		datagram_pump(t);
	else
		stream_pump(t);
}

uint64_t target_waiting(const struct target *t)
{
	return ring_left(&t->f->ring, &t->taken);
}

uint64_t target_dropped(const struct target *t)
{
	const struct ring *r = &t->f->ring;
	bool behind = t->sent.number && r->oldest > t->sent.number;

	return t->lost + t->sent.missed + (behind ? r->oldest - t->sent.number : 0);
}

static void tell_dropped(const struct target *t, struct forward_packet *p)
{
	p->number = t->sent_number;
	p->uptime = uptime_now();
	p->severity = LOG_WARNING;
	p->facility = LOG_FAC(LOG_SYSLOG);
	p->world = getpid();
	strcpy(p->component, "syslogfwd");
	snprintf(p->text, sizeof(p->text),
		 "%" PRIu64 " messages were dropped: this target was away for too long",
		 t->sent.missed);
}

size_t target_message(struct target *t, char buf[static MESSAGE_BYTES])
{
	static struct forward_packet p;
	char host[65];
	uint64_t number;
	size_t len = ring_peek(&t->f->ring, &t->sent, &p, sizeof(p) - 1, &number);

	if (!len)
		return 0;
	if (t->sent.missed)
		tell_dropped(t, &p);
	else
		p.text[len - FORWARD_HEAD] = '\0';
	if (gethostname(host, sizeof(host)) < 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	return message_format(buf, &p, clock_now(), host);
}

void target_gave(struct target *t)
{
	struct forward_packet head;
	uint64_t number;

	if (t->sent.missed) {
		log_warnx("%s: %" PRIu64 " messages were dropped", t->at.text, t->sent.missed);
		t->lost += t->sent.missed;
		t->sent.missed = 0;
		return;
	}
	ring_peek(&t->f->ring, &t->sent, &head, FORWARD_HEAD, &number);
	t->sent_number = head.number;
	ring_step(&t->f->ring, &t->sent);
	t->count++;
}

void target_took(struct target *t)
{
	t->taken = t->sent;
	t->taken_number = t->sent_number;
	t->delay = 0;
}
