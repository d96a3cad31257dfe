// SPDX-License-Identifier: Apache-2.0
/* The logger's loop: three kinds of sources into one log. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "settings.h"
#include "sink.h"
#include "source.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/program.h"
#include "userworld/lib/ready.h"
#include "userworld/lib/unixsock.h"
#include "version.h"

#define OUTPUTS 128 /* userworlds whose output can be read at a time */

static const struct program self = {
	.name = "vmklogger",
	.usage = "[-n] [-c FILE] [-e FILE] [-f SOCKET] [-k DEVICE] [-l SOCKET] [-o SOCKET] [-q "
		 "FILE]",
	.help = "Writes the messages of kernel and userworlds to /var/log/vmkernel.log.\n"
		"  -c, --config FILE   settings (" SETTINGS_FILE ")\n"
		"  -e, --events FILE   where events are kept until they are taken\n"
		"                      (" SPOOL_FILE ")\n"
		"  -f, --forward SOCKET  where who sends them to other hosts gets them\n"
		"                      (" FORWARD_SOCKET ")\n"
		"  -k, --kmsg DEVICE   log of the kernel (/dev/kmsg)\n"
		"  -l, --log SOCKET    datagrams of userworlds (/dev/log)\n"
		"  -n, --check         read the settings, complain, and exit\n"
		"  -o, --outputs SOCKET  where the supervisor hands over standard outputs\n"
		"                      (/run/vmklogger.sock)\n"
		"  -q, --seq FILE      number of the last kernel message (/run/vmklogger.seq)\n"
		"      --help, --version\n",
};

struct options {
	const char *config, *events, *forward, *kmsg, *log, *outputs, *seq;
	bool check;
};

enum {
	WATCH_KERNEL,
	WATCH_DGRAM,
	WATCH_LISTEN,
	WATCH_SUPERVISOR,
	WATCH_FORWARD_LISTEN,
	WATCH_FORWARD,
	WATCH_SIGNAL,
	WATCH_CLOCK,
	WATCH_OUTPUT
};

static struct logger {
	int epoll, dgram, listener, supervisor, signals;
	const char *config;
	bool ending;
	struct kernel_source kernel;
	struct clock_source clock;
	struct forward forward;
	struct spool spool;
	struct sink sink;
	struct output_source outputs[OUTPUTS];
} logger;

static int watch(int fd, unsigned int what)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = what };

	return epoll_ctl(logger.epoll, EPOLL_CTL_ADD, fd, &ev);
}

/* A supervisor that was started again takes the place of the old one. */
static void accept_supervisor(void)
{
	int fd = accept4(logger.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (logger.supervisor >= 0)
		close(logger.supervisor);
	logger.supervisor = fd;
	watch(fd, WATCH_SUPERVISOR);
}

static void drop_output(struct output_source *o)
{
	/* The supervisor holds a copy, so closing alone would not end the watching. */
	epoll_ctl(logger.epoll, EPOLL_CTL_DEL, o->fd, NULL);
	close(o->fd);
	o->fd = -1;
}

/*
 * Finds the slot of this output. A supervisor that was started again hands over
 * what its predecessor did: the half line we hold goes on with the new descriptor.
 */
static struct output_source *output_slot(const char *component, pid_t world)
{
	struct output_source *slot = NULL;

	for (unsigned int i = 0; i < OUTPUTS; i++) {
		struct output_source *o = &logger.outputs[i];

		if (o->fd < 0) {
			slot = slot ? slot : o;
		} else if (o->world == world && !strcmp(o->component, component)) {
			drop_output(o);
			return o;
		}
	}
	if (slot) {
		slot->have = 0;
		slot->world = world;
		strcpy(slot->component, component);
	}
	return slot;
}

static void add_output(int fd, const char *line)
{
	char component[COMPONENT_MAX + 1];
	struct output_source *o;
	pid_t world;

	if (sscanf(line, "%31s %d", component, &world) != 2 ||
	    !(o = output_slot(component, world)) || fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    watch(fd, WATCH_OUTPUT + (unsigned int)(o - logger.outputs)) < 0)
		close(fd);
	else
		o->fd = fd;
}

/* One packet per output: "NAME PID" and the reading end. False at the end. */
static bool take_output(void)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char line[64];
	struct iovec iov = { .iov_base = line, .iov_len = sizeof(line) - 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(logger.supervisor, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
	int fd;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	line[n] = '\0';
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
		add_output(fd, line);
	}
	return true;
}

/* SIGHUP: settings anew. Bad ones change nothing. */
static void on_signal(void)
{
	struct signalfd_siginfo info;
	struct settings settings;
	struct err e = ERR_INIT;

	if (read(logger.signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGHUP) {
		logger.ending = true;
	} else if (settings_read(logger.config, &settings, &e) < 0) {
		sink_say(&logger.sink, LOG_ERR, "settings stay as they were: %s", e.text);
	} else {
		sink_settings(&logger.sink, &settings);
		sink_say(&logger.sink, LOG_INFO, "settings were read again");
	}
}

static void on_event(unsigned int what)
{
	struct output_source *o;

	switch (what) {
	case WATCH_KERNEL:
		kernel_read(&logger.kernel, &logger.sink);
		return;
	case WATCH_DGRAM:
		dgram_read(logger.dgram, &logger.sink);
		return;
	case WATCH_LISTEN:
		accept_supervisor();
		return;
	case WATCH_SUPERVISOR:
		if (!take_output()) {
			close(logger.supervisor);
			logger.supervisor = -1;
		}
		return;
	case WATCH_FORWARD_LISTEN:
		forward_accept(&logger.forward);
		return;
	case WATCH_FORWARD:
		forward_event(&logger.forward);
		return;
	case WATCH_SIGNAL:
		on_signal();
		return;
	case WATCH_CLOCK:
		clock_changed(&logger.clock, &logger.sink);
		return;
	}
	o = &logger.outputs[what - WATCH_OUTPUT];
	if (o->fd >= 0 && output_read(o, &logger.sink) < 0)
		drop_output(o);
}

static int open_signals(struct err *e)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	logger.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return logger.signals < 0 ? err_sys(e, errno, "signalfd") : 0;
}

static int open_sources(const struct options *o, struct err *e)
{
	if (kernel_open(&logger.kernel, o->kmsg, o->seq, e) < 0 ||
	    clock_open(&logger.clock, e) < 0 || open_signals(e) < 0)
		return -1;
	logger.dgram = dgram_open(o->log, e);
	if (logger.dgram < 0)
		return -1;
	logger.listener = unixsock_listen(o->outputs, SOCK_SEQPACKET, 1, e);
	return logger.listener < 0 ? -1 : 0;
}

static int set_up(const struct options *o, const struct settings *s, struct err *e)
{
	logger.supervisor = -1;
	logger.config = o->config;
	for (unsigned int i = 0; i < OUTPUTS; i++)
		logger.outputs[i].fd = -1;
	sink_settings(&logger.sink, s);
	logger.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (logger.epoll < 0)
		return err_sys(e, errno, "epoll");
	if (open_sources(o, e) < 0 ||
	    forward_open(&logger.forward, o->forward, logger.epoll, WATCH_FORWARD, e) < 0)
		return -1;
	logger.sink.forward = &logger.forward;
	spool_open(&logger.spool, o->events);
	logger.sink.spool = &logger.spool;
	if (watch(logger.kernel.fd, WATCH_KERNEL) < 0 || watch(logger.dgram, WATCH_DGRAM) < 0 ||
	    watch(logger.listener, WATCH_LISTEN) < 0 || watch(logger.signals, WATCH_SIGNAL) < 0 ||
	    watch(logger.forward.listener, WATCH_FORWARD_LISTEN) < 0 ||
	    watch(logger.clock.fd, WATCH_CLOCK) < 0)
		return err_sys(e, errno, "epoll");
	return 0;
}

/* Until SIGTERM; what it has taken is written then. */
static void run(void)
{
	while (!logger.ending) {
		struct epoll_event events[16];
		int n = epoll_wait(logger.epoll, events, ARRAY_SIZE(events), -1);

		for (int i = 0; i < n; i++)
			on_event(events[i].data.u32);
		sink_flush(&logger.sink);
	}
}

static int parse(int argc, char **argv, struct options *o)
{
	const struct program_option list[] = {
		{ "config", 'c', &o->config, NULL },
		{ "events", 'e', &o->events, NULL },
		{ "forward", 'f', &o->forward, NULL },
		{ "kmsg", 'k', &o->kmsg, NULL },
		{ "log", 'l', &o->log, NULL },
		{ "check", 'n', NULL, &o->check },
		{ "outputs", 'o', &o->outputs, NULL },
		{ "seq", 'q', &o->seq, NULL },
		{ 0 },
	};

	return program_options(&self, PROGRAM_VERSION, list, argc, argv);
}

int main(int argc, char **argv)
{
	struct options o = {
		.config = SETTINGS_FILE,
		.events = SPOOL_FILE,
		.forward = FORWARD_SOCKET,
		.kmsg = "/dev/kmsg",
		.log = "/dev/log",
		.outputs = "/run/vmklogger.sock",
		.seq = "/run/vmklogger.seq",
	};
	struct err e = ERR_INIT;
	struct settings settings;
	int rc = parse(argc, argv, &o);

	if (rc >= 0)
		return rc;
	rc = settings_read(o.config, &settings, &e);
	if (rc < 0) {
		program_fail(&self, &e);
		/* A log with default sizes is worth more than none. */
		if (o.check)
			return err_exit_code(e.kind);
	}
	if (o.check)
		return 0;
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		fprintf(stderr, "%s: mlockall: %s\n", self.name, strerror(errno));
	e = (struct err)ERR_INIT;
	if (set_up(&o, &settings, &e) < 0)
		return program_fail(&self, &e);
	ready_notify();
	run();
	return 0;
}
