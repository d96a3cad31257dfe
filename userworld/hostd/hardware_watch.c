// SPDX-License-Identifier: Apache-2.0
/* The rim of core/hwerror: /dev/kmsg, the clock, the store of events, the file of counts. */
#include "hardware_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "log.h"
#include "userworld/core/event.h"
#include "userworld/core/hwerror/tally.h"
#include "userworld/core/utf8.h"

#define KMSG "/dev/kmsg"
#define RECORD_MAX 8192 /* bytes of a record */
#define RECORDS 64	/* at a time: others want to be served, too */

static struct {
	int fd;
	struct event *ready, *later;
	struct hwerror_reader reader;
	struct tally tally;
} watch;

static void tell(struct hwerror *h)
{
	bool corrected = h->severity == HWERROR_CORRECTED;
	const char *severity = hwerror_severities[h->severity];
	char untold[64] = "";
	uint64_t more;

	ascii_repair(h->where);
	ascii_repair(h->text);
	if (!tally_add(&watch.tally, h, time(NULL), &more))
		return;
	if (more)
		snprintf(untold, sizeof(untold), "; %" PRIu64 " before were not told", more);
	core_event(corrected ? EVENT_HARDWARE_CORRECTED : EVENT_HARDWARE_ERROR,
		   EVENT_WITH(EVENT_STR("where", h->where), EVENT_STR("source", h->source),
			      EVENT_STR("severity", severity), EVENT_NUM("untold", more)),
		   "%s, %s hardware error: %s%s", h->where, severity, h->text, untold);
}

/* "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT\n MORE": true if an error was in it. */
static bool take_record(char *record)
{
	unsigned int priority;
	struct hwerror found;
	uint64_t sequence;
	char *text = strchr(record, ';');

	if (!text || sscanf(record, "%u,%" SCNu64, &priority, &sequence) != 2 ||
	    sequence < watch.tally.sequence)
		return false;
	watch.tally.sequence = sequence + 1;
	/* Of the kernel only; what programs write there has another facility. */
	if (priority >= 8)
		return false;
	text++;
	text[strcspn(text, "\n")] = '\0';
	if (!hwerror_line(&watch.reader, text, &found))
		return false;
	tell(&found);
	return true;
}

static void on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct timeval pause = { .tv_sec = 1 };
	char record[RECORD_MAX + 1];
	bool found = false;

	(void)what, (void)arg;
	for (int i = 0; i < RECORDS; i++) {
		ssize_t len = read(fd, record, RECORD_MAX);

		/* EPIPE: some were overwritten before we came, the next is there. */
		if (len < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (len <= 0)
			break;
		record[len] = '\0';
		found |= take_record(record);
	}
	/* A storm of errors is not a storm of files. */
	if (found && !event_pending(watch.later, EV_TIMEOUT, NULL))
		event_add(watch.later, &pause);
}

static void keep(void)
{
	json_t *packed = tally_pack(&watch.tally);
	char *text = packed ? json_dumps(packed, JSON_INDENT(1)) : NULL;
	struct err e = ERR_INIT;

	if (!text || file_write_atomic(TALLY_FILE, text, strlen(text), 0644, &e) < 0)
		log_warnx("hardware errors: %s", text ? e.text : "out of memory");
	free(text);
	json_decref(packed);
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	keep();
}

void hardware_watch_end(void)
{
	if (watch.later && event_pending(watch.later, EV_TIMEOUT, NULL))
		keep();
}

int hardware_watch(struct event_base *base, struct err *e)
{
	json_t *packed = json_load_file(TALLY_FILE, 0, NULL);

	tally_unpack(&watch.tally, packed);
	json_decref(packed);
	watch.fd = open(KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (watch.fd < 0)
		return err_sys(e, errno, KMSG);
	watch.ready = event_new(base, watch.fd, EV_READ | EV_PERSIST, on_ready, NULL);
	watch.later = evtimer_new(base, on_later, NULL);
	if (!watch.ready || !watch.later || event_add(watch.ready, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	return 0;
}
