// SPDX-License-Identifier: Apache-2.0
/*
 * Sends the log to other hosts. Apart from the logger, so that this one stays
 * free of TLS and name service. With nobody to send to it ends at once.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "source.h"
#include "status.h"
#include "userworld/lib/log.h"
#include "userworld/lib/program.h"
#include "version.h"

static const struct program self = {
	.name = "syslogfwd",
	.usage = "[-n] [-c FILE] [-f SOCKET] [-s FILE]",
	.help = "Sends the messages of this host to others: RFC 5424 over UDP, TCP or TLS.\n"
		"  -c, --config FILE    settings (" SETTINGS_FILE ")\n"
		"  -f, --forward SOCKET where the logger gives messages (" FORWARD_SOCKET ")\n"
		"  -n, --check          read the settings, complain, and exit\n"
		"  -s, --status FILE    state of each target (" STATUS_FILE ")\n"
		"      --help, --version\n",
};

struct options {
	const char *config, *forward, *status;
	bool check;
};

static struct forwarder forwarder;

static void pump_all(struct forwarder *f)
{
	for (int i = 0; i < f->count; i++)
		target_pump(&f->targets[i]);
}

static void on_second(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	status_write(&forwarder, arg);
}

static void on_term(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopexit(arg, NULL);
}

static int open_tls(struct forwarder *f, struct err *e)
{
	const char *ca = f->settings.remote.ca;

	f->tls = SSL_CTX_new(TLS_client_method());
	if (!f->tls)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	SSL_CTX_set_min_proto_version(f->tls, TLS1_2_VERSION);
	SSL_CTX_set_verify(f->tls, f->settings.remote.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
			   NULL);
	if (ca[0] && SSL_CTX_load_verify_locations(f->tls, ca, NULL) != 1)
		return err_set(e, ERR_INVALID,
			       "%s: no certificates to check hosts against could be read", ca);
	if (!ca[0] && f->settings.remote.verify)
		log_warnx("hosts cannot be checked without remote.ca: nothing is sent over TLS");
	return 0;
}

static int read_targets(struct forwarder *f, struct address *list, const char *config,
			struct err *e)
{
	if (settings_read(config, &f->settings, e) < 0)
		return -1;
	f->count = addresses_parse(f->settings.remote.hosts, list, e);
	return f->count < 0 ? err_wrap(e, "%s: remote.hosts", config) : f->count;
}

static int open_targets(struct forwarder *f, const struct address *list, struct err *e)
{
	char *space = malloc(f->settings.remote.spool);

	if (!space)
		return err_set(e, ERR_NO_SPACE, "no memory for a spool of that size");
	ring_init(&f->ring, space, f->settings.remote.spool, 1);
	for (int i = 0; i < f->count; i++) {
		if (list[i].transport == TRANSPORT_TLS && !f->tls && open_tls(f, e) < 0)
			return -1;
		if (target_init(&f->targets[i], f, &list[i], e) < 0)
			return -1;
	}
	return 0;
}

static int run(const struct options *o, const struct address *list, struct err *e)
{
	struct forwarder *f = &forwarder;
	struct timeval second = { .tv_sec = 1 };
	struct event *tick, *term;
	struct source source;

	f->base = event_base_new();
	if (!f->base)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (open_targets(f, list, e) < 0 ||
	    source_open(&source, f, o->forward, status_had(o->status), pump_all, e) < 0)
		return -1;
	tick = event_new(f->base, -1, EV_PERSIST, on_second, (void *)(uintptr_t)o->status);
	term = evsignal_new(f->base, SIGTERM, on_term, f->base);
	if (!tick || !term || event_add(tick, &second) < 0 || event_add(term, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	for (int i = 0; i < f->count; i++)
		target_open(&f->targets[i]);
	event_base_dispatch(f->base);
	status_write(f, o->status);
	return 0;
}

static int parse(int argc, char **argv, struct options *o)
{
	const struct program_option list[] = {
		{ "config", 'c', &o->config, NULL },
		{ "forward", 'f', &o->forward, NULL },
		{ "check", 'n', NULL, &o->check },
		{ "status", 's', &o->status, NULL },
		{ 0 },
	};

	return program_options(&self, PROGRAM_VERSION, list, argc, argv);
}

int main(int argc, char **argv)
{
	struct options o = {
		.config = SETTINGS_FILE,
		.forward = FORWARD_SOCKET,
		.status = STATUS_FILE,
	};
	struct address list[TARGETS_MAX];
	struct err e = ERR_INIT;
	int rc = parse(argc, argv, &o);

	if (rc >= 0)
		return rc;
	rc = read_targets(&forwarder, list, o.config, &e);
	if (rc < 0)
		return program_fail(&self, &e);
	if (o.check)
		return 0;
	if (rc == 0) {
		unlink(o.status);
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	log_open(self.name);
	if (run(&o, list, &e) < 0) {
		log_err(&e);
		return program_fail(&self, &e);
	}
	return 0;
}
