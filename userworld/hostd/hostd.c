// SPDX-License-Identifier: Apache-2.0
/* hostd: options, sockets, signals, the loop. */
#include <getopt.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cert.h"
#include "collect.h"
#include "conf.h"
#include "conn.h"
#include "fallback.h"
#include "file.h"
#include "follow.h"
#include "gate.h"
#include "hardware_watch.h"
#include "listen.h"
#include "log.h"
#include "network.h"
#include "program.h"
#include "ramdisk_watch.h"
#include "ready.h"
#include "root.h"
#include "serve.h"
#include "serve_task.h"
#include "unixsock.h"
#include "userworld/core/core.h"
#include "userworld/core/event.h"
#include "version.h"
#include "worker.h"

#define CHANGE_SECONDS 5 /* between two looks for a change that nobody looks after */
#define END_SECONDS 3	 /* for requests that are being served when we are told to end */

static const struct program self = {
	.name = "hostd",
	.usage = "[-d] [--port PORT] [--http-port PORT] [--idle SECONDS] [--root DIR]",
	.help = "  -d, --debug        log to stderr, debug messages too\n"
		"      --port PORT    of HTTPS (443); 0 picks one\n"
		"      --http-port P  of the redirection to HTTPS (80); 0 for none\n"
		"      --connections N of HTTPS, held at the same time; by the host's memory if 0\n"
		"      --idle SECONDS that a client may take for a request (60)\n"
		"      --root DIR     put DIR before /etc, /usr, /var and /run, for tests\n",
};

struct options {
	int port;
	int http_port;
	int idle;
	int connections;
	const char *root;
	const char *network; /* the empty folder of the network process that this is to be */
	bool debug;
};

static int parse_port(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	return *text && !*end && port >= 0 && port <= 65535 ? (int)port : -1;
}

/* 0 to go on, 1 if main() is done with *status as its exit code. */
static int parse_options(int argc, char **argv, struct options *o, int *status)
{
	static const struct option longs[] = {
		{ "connections", required_argument, NULL, 'c' },
		{ "debug", no_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ "http-port", required_argument, NULL, 'P' },
		{ "idle", required_argument, NULL, 'i' },
		{ "network", required_argument, NULL, 'n' }, /* by the executor only */
		{ "port", required_argument, NULL, 'p' },
		{ "root", required_argument, NULL, 'r' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int opt;

	*status = 0;
	while ((opt = getopt_long(argc, argv, "d", longs, NULL)) != -1) {
		if (opt == 'd')
			o->debug = true;
		else if (opt == 'c')
			o->connections = parse_port(optarg);
		else if (opt == 'P')
			o->http_port = parse_port(optarg);
		else if (opt == 'i')
			conn_limit(o->idle = parse_port(optarg));
		else if (opt == 'n')
			o->network = optarg;
		else if (opt == 'p')
			o->port = parse_port(optarg);
		else if (opt == 'r')
			o->root = optarg;
		else if (opt == 'h')
			return program_help(&self), 1;
		else if (opt == 'V')
			return program_version(&self, PROGRAM_VERSION), 1;
		else
			return *status = program_usage(&self, NULL), 1;
	}
	if (optind < argc)
		return *status = program_usage(&self, "unexpected argument '%s'", argv[optind]), 1;
	if (o->port < 0 || o->http_port < 0)
		return *status = program_usage(&self, "a port is a number up to 65535"), 1;
	if (o->connections < 0 || o->connections > CONN_MOST)
		return *status = program_usage(&self, "--connections takes a number up to %d",
					       CONN_MOST),
		       1;
	if (o->idle < 1)
		return *status = program_usage(&self, "--idle takes a number from 1 to 65535"), 1;
	if (strlen(o->root) > 1000)
		return *status = program_usage(&self, "the path of --root is too long"), 1;
	return 0;
}

/* Development images say so in their release file; nothing else makes them one. */
static bool is_development(void)
{
	char path[ROOT_PATH_MAX];
	char *text;
	bool found;

	if (file_read(root_path(path, HOSTD_RELEASE), CONF_FILE_MAX, &text, NULL, NULL) < 0)
		return false;
	found = strstr(text, "\nDEVELOPMENT=\"y\"") != NULL;
	free(text);
	if (found)
		log_warnx("DEVELOPMENT IMAGE: while no password is set, "
			  "root may log in from the network without one");
	return found;
}

/* Both ports are bound here: the network process may not. */
static int start_network(struct executor *x, const struct options *o, struct err *e)
{
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	struct gate_ports ports = {
		.https = listen_bind(o->port, e),
		.http = -1,
		.idle = o->idle,
		.connections = o->connections ? o->connections : conn_most(memory),
	};

	if (ports.https < 0)
		return -1;
	ports.port = listen_port(ports.https);
	if (o->http_port && (ports.http = listen_bind(o->http_port, e)) < 0)
		return -1;
	if (gate_start(x, &ports, e) < 0)
		return -1;
	log_info("HTTPS on port %d", ports.port);
	return 0;
}

static int start_local(struct executor *x, struct err *e)
{
	char path[ROOT_PATH_MAX];
	int fd = unixsock_listen(root_path(path, HOSTD_SOCKET), SOCK_STREAM, BACKLOG, e);

	if (fd < 0)
		return -1;
	x->local.base = x->base;
	x->local.local = true;
	x->local.ask = serve_ask;
	x->local.executor = x;
	x->local.http = front_http(&x->local);
	return evhttp_accept_socket(x->local.http, fd) < 0
		       ? err_set(e, ERR_NO_SPACE, "out of memory")
		       : 0;
}

static void news(const char *topic)
{
	follow_news(topic);
	gate_news(topic);
}

static void news_of_tasks(struct executor *x)
{
	(void)x;
	news("tasks");
}

static void news_of_events(void)
{
	news("events");
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct executor *x = arg;

	(void)fd, (void)what;
	if (worker_count() == 0)
		event_base_loopexit(x->base, NULL);
}

/* No new requests; those being served get a little time. */
static void on_signal(evutil_socket_t sig, short what, void *arg)
{
	struct timeval limit = { .tv_sec = END_SECONDS };
	struct timeval step = { .tv_usec = 50000 };
	struct executor *x = arg;

	(void)what;
	if (x->ending)
		return;
	x->ending = true;
	x->local.ending = true;
	gate_ending();
	log_info("signal %d: ending", (int)sig);
	event_base_loopexit(x->base, &limit);
	event_add(event_new(x->base, -1, EV_PERSIST, on_tick, x), &step);
}

static void after_settle(void *context, json_t *result, const struct err *e)
{
	struct executor *x = context;

	(void)result;
	x->settling = false;
	if (e)
		log_err(e);
}

/* A change of bundles whose process died is taken to its end by a worker. */
static void on_change(evutil_socket_t fd, short what, void *arg)
{
	struct executor *x = arg;
	struct err e = ERR_INIT;

	(void)fd, (void)what;
	if (x->ending || x->settling || (!x->cancelled && !core_unsettled()))
		return;
	x->settling = true;
	x->cancelled = false;
	core_set_actor("hostd");
	if (worker_start(core_call, "software.bundle.settle", NULL, -1, after_settle, x, &e) < 0)
		after_settle(x, NULL, &e);
}

static void watch_changes(struct executor *x)
{
	struct timeval every = { .tv_sec = CHANGE_SECONDS };

	event_add(event_new(x->base, -1, EV_PERSIST, on_change, x), &every);
}

/* Of the certificate that is in use; 0: none is there. */
static int64_t certificate_time(void)
{
	char path[ROOT_PATH_MAX];
	struct stat st;

	if (stat(root_path(path, CERT_FILE), &st) < 0)
		return 0;
	return st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec;
}

/* Whoever has changed it: the network process gets the new one, or keeps the old one. */
static void on_certificate(evutil_socket_t fd, short what, void *arg)
{
	static int64_t used;
	struct err e = ERR_INIT;

	(void)fd, (void)what, (void)arg;
	if (!used)
		used = certificate_time();
	if (gate_clients(&e) < 0)
		log_err(&e);
	if (certificate_time() == used)
		return;
	if (gate_certificate(&e) < 0)
		log_err(&e);
	else
		log_info("another certificate is in use");
	used = certificate_time();
}

static void watch_certificate(struct executor *x)
{
	struct timeval every = { .tv_sec = CHANGE_SECONDS };

	event_add(event_new(x->base, -1, EV_PERSIST, on_certificate, NULL), &every);
	on_certificate(-1, 0, NULL);
}

static void watch_signals(struct executor *x)
{
	signal(SIGPIPE, SIG_IGN);
	event_add(evsignal_new(x->base, SIGTERM, on_signal, x), NULL);
	event_add(evsignal_new(x->base, SIGINT, on_signal, x), NULL);
}

static int start(struct executor *x, const struct options *o, struct err *e)
{
	const struct core_config config = { .root = o->root, .run = o->root };
	struct err reconcile = ERR_INIT, watch = ERR_INIT, collect = ERR_INIT;

	if (core_init(&config, e) < 0)
		return -1;
	root_set(o->root);
	x->development = is_development();
	if (RAND_bytes(x->key, sizeof(x->key)) != 1)
		return err_set(e, ERR_SYSTEM, "no random numbers");
	x->base = event_base_new();
	if (!x->base)
		return err_set(e, ERR_SYSTEM, "no event loop");
	watch_signals(x);
	/* The local socket first: visorcli works even if the network or the key does not. */
	if (worker_init(x->base, o->debug ? log_open_stderr : log_open, e) < 0 ||
	    start_local(x, e) < 0)
		return -1;
	serve_task_init(x, news_of_tasks);
	if (core_reconcile(&reconcile) < 0)
		log_warnx("bundles not reconciled: %s", reconcile.text);
	/* Tests have another root, no visorfs, and a kernel that is not theirs. */
	if (!*o->root && ramdisk_watch(x->base, &watch) < 0)
		log_warnx("ramdisks are not watched: %s", watch.text);
	if (!*o->root && hardware_watch(x->base, &watch) < 0)
		log_warnx("errors of the hardware are not watched: %s", watch.text);
	if (collect_start(x->base, news_of_events, &collect) < 0)
		log_warnx("events are not collected: %s", collect.text);
	if (!*o->root)
		fallback_tell();
	watch_changes(x);
	if (start_network(x, o, e) < 0)
		return -1;
	watch_certificate(x);
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { .port = 443, .http_port = 80, .idle = CONN_IDLE, .root = "" };
	static struct executor executor;
	char socket[ROOT_PATH_MAX];
	struct err e = ERR_INIT;
	int status;

	if (parse_options(argc, argv, &o, &status))
		return status;
	if (o.network)
		return network_main(o.network, o.idle, o.connections, o.port);
	if (o.debug) {
		log_open_stderr("hostd");
		log_max_severity(LOG_DEBUG);
	} else {
		log_open("hostd");
	}
	log_patience(20);
	if (start(&executor, &o, &e) < 0) {
		log_err(&e);
		return err_exit_code(e.kind);
	}
	ready_notify();
	core_event(EVENT_HOST_STARTED, NULL, "The management agent was started");
	event_base_dispatch(executor.base);
	gate_stop();
	hardware_watch_end();
	unlink(root_path(socket, HOSTD_SOCKET));
	log_info("ended");
	return 0;
}
