// SPDX-License-Identifier: Apache-2.0
/* The executor's side of the network process. */
#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cert.h"
#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "network.h"
#include "root.h"
#include "serve.h"
#include "tls.h"
#include "userworld/core/account/identity.h"
#include "userworld/core/system/task.h"
#include "wire.h"

#define EMPTY TASK_DIR "/empty"
#define AGAIN_SECONDS 1	  /* until a network process that died is started again */
#define LINES_A_SECOND 20 /* of its log */
#define PEM_MAX (64u << 10)

/* One run of the network process; it goes when the last ask of that time was answered. */
struct run {
	struct wire *wire; /* NULL: it has gone */
	pid_t pid;
	unsigned int asks;
};

/* An ask of it, on its way. */
struct asked {
	struct run *run;
	uint32_t id;
};

static struct {
	struct executor *x;
	struct gate_ports ports;
	struct run *run;
	struct event *again;
	time_t second;
	unsigned int lines;
	bool clients; /* are asked for certificates */
	bool ending;
} gate;

static void put(struct run *r)
{
	if (!r->wire && r->asks == 0)
		free(r);
}

static void end(void *context, const struct outcome *o)
{
	struct asked *a = context;
	struct run *r = a->run;
	json_t *message;

	if (o->result)
		message = json_pack("{s:O, s:b, s:i}", "result", o->result, "task", o->task,
				    "status", o->status);
	else
		message = json_pack("{s:s, s:s, s:i}", "kind", err_name(o->e->kind), "text",
				    o->e->text, "status", o->status);
	if (!message) /* the text quotes bytes of a file */
		message = json_pack("{s:s, s:s, s:i}", "kind", err_name(ERR_SYSTEM), "text",
				    "the error cannot be told; see vmkernel.log", "status", 0);
	if (r->wire)
		wire_send(r->wire, a->id, WIRE_END, message, -1);
	json_decref(message);
	free(a);
	r->asks--;
	put(r);
}

static void opened(void *context, int fd, const char *task)
{
	struct asked *a = context;
	json_t *message = json_string(task);

	if (a->run->wire)
		wire_send(a->run->wire, a->id, WIRE_OPEN, message, fd);
	json_decref(message);
	close(fd);
}

static void take_ask(struct run *r, const struct wire_head *head, json_t *message)
{
	struct asked *a = calloc(1, sizeof(*a));
	const struct asker to = { .open = opened, .end = end, .context = a };
	struct err e = ERR_INIT;
	struct ask ask;

	if (!a)
		log_fatalx("out of memory"); /* the supervisor starts us again */
	a->run = r;
	a->id = head->id;
	r->asks++;
	if (ask_parse(head->type, message, &ask, &e) < 0) {
		log_warnx("network process: %s", e.text);
		asker_fail(&to, 0, &e);
	} else {
		serve_ask(gate.x, &ask, &to);
	}
	ask_wipe(&ask);
}

/* Its words are not ours: said as its own, and not too many of them. */
static void take_log(json_t *message)
{
	json_int_t severity = json_integer_value(json_object_get(message, "severity"));
	const char *text = json_string_value(json_object_get(message, "text"));
	time_t now = time(NULL);

	if (now != gate.second) {
		gate.second = now;
		gate.lines = 0;
	}
	if (!text || gate.lines++ >= LINES_A_SECOND)
		return;
	if (severity < LOG_CRIT || severity > LOG_DEBUG)
		severity = LOG_WARNING;
	log_write((int)severity, "network: %.500s", text);
}

static void take(void *context, const struct wire_head *head, json_t *message, int fd)
{
	(void)fd; /* none can come */
	if (head->type == WIRE_LOG)
		take_log(message);
	else
		take_ask(context, head, message);
}

static void end_run(struct run *r)
{
	kill(r->pid, SIGKILL);
	wire_free(r->wire);
	r->wire = NULL;
	if (gate.run == r)
		gate.run = NULL;
	put(r);
}

static void lost(void *context, const char *text)
{
	const struct timeval pause = { .tv_sec = AGAIN_SECONDS };
	end_run(context);
	if (gate.ending)
		return;
	log_warnx("network process %s; it is started again", text);
	event_add(gate.again, &pause);
}

static int send_hello(struct run *r, struct err *e)
{
	_cleanup_free_ char *cert = NULL, *key = NULL;
	char path[ROOT_PATH_MAX];
	size_t len = 0;
	SSL_CTX *tls;
	json_t *message;
	int rc;

	gate.clients = account_has_certificates();
	if (cert_ensure(root_get(), e) < 0 ||
	    file_read(root_path(path, CERT_FILE), PEM_MAX, &cert, NULL, e) < 0 ||
	    file_read(root_path(path, CERT_KEY), PEM_MAX, &key, &len, e) < 0)
		return -1;
	/* What it could not use would end it again and again. */
	tls = tls_server(cert, key, gate.clients, e);
	if (!tls)
		return -1;
	SSL_CTX_free(tls);
	message = json_pack("{s:s, s:s, s:b}", "cert", cert, "key", key, "clients", gate.clients);
	explicit_bzero(key, len);
	rc = message ? wire_send(r->wire, 0, WIRE_HELLO, message, -1) : -1;
	json_decref(message);
	return rc < 0 ? err_set(e, ERR_SYSTEM, "the network process does not listen") : 0;
}

/* Puts a descriptor above those that the network process expects, and then to its place. */
static void place(int fd, int at)
{
	if (fd < 0)
		close(at);
	else if (dup2(fd, at) < 0)
		_exit(1);
}

static void __attribute__((noreturn)) become(int wire)
{
	char idle[16], most[16], port[16], empty[ROOT_PATH_MAX];
	char *const argv[] = { "hostd",		"--network", empty,    "--idle", idle,
			       "--connections", most,	     "--port", port,	 NULL };
	int https = fcntl(gate.ports.https, F_DUPFD, 16);
	int http = gate.ports.http < 0 ? -1 : fcntl(gate.ports.http, F_DUPFD, 16);
	sigset_t none;

	wire = fcntl(wire, F_DUPFD, 16);
	place(wire, NETWORK_WIRE);
	place(https, NETWORK_HTTPS);
	place(http, NETWORK_HTTP);
	close_range(NETWORK_HTTP + 1, ~0U, 0);
	snprintf(idle, sizeof(idle), "%d", gate.ports.idle);
	snprintf(most, sizeof(most), "%d", gate.ports.connections);
	snprintf(port, sizeof(port), "%d", gate.ports.port);
	root_path(empty, EMPTY);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGTERM, SIG_DFL);
	execv("/proc/self/exe", argv);
	_exit(1);
}

static int start(struct err *e)
{
	struct run *r = calloc(1, sizeof(*r));
	int ends[2];

	if (!r || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		free(r);
		return err_sys(e, errno, "starting the network process");
	}
	r->pid = fork();
	if (r->pid == 0)
		become(ends[1]);
	close(ends[1]);
	r->wire = r->pid < 0 ? NULL
			     : wire_new(gate.x->base, ends[0], WIRE_ASK_MAX, false, take, lost, r);
	if (!r->wire) {
		close(ends[0]);
		free(r);
		return err_set(e, ERR_SYSTEM, "the network process cannot be started");
	}
	gate.run = r;
	if (send_hello(r, e) == 0)
		return 0;
	end_run(r);
	return -1;
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval pause = { .tv_sec = AGAIN_SECONDS };
	struct err e = ERR_INIT;

	(void)fd, (void)what, (void)arg;
	if (gate.ending || gate.run || start(&e) == 0)
		return;
	log_err(&e);
	event_add(gate.again, &pause);
}

static int make_empty(struct err *e)
{
	char path[ROOT_PATH_MAX];

	root_path(path, EMPTY);
	if (file_make_dirs(path, e) < 0)
		return -1;
	return chmod(path, 0555) < 0 ? err_sys(e, errno, "%s", path) : 0;
}

int gate_start(struct executor *x, const struct gate_ports *ports, struct err *e)
{
	gate.x = x;
	gate.ports = *ports;
	gate.again = evtimer_new(x->base, on_again, NULL);
	if (!gate.again)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	return make_empty(e) < 0 ? -1 : start(e);
}

int gate_certificate(struct err *e)
{
	return gate.run ? send_hello(gate.run, e) : 0;
}

int gate_clients(struct err *e)
{
	return gate.run && gate.clients != account_has_certificates() ? send_hello(gate.run, e) : 0;
}

void gate_news(const char *topic)
{
	json_t *message = json_string(topic);

	if (gate.run)
		wire_send(gate.run->wire, 0, WIRE_NEWS, message, -1);
	json_decref(message);
}

void gate_ending(void)
{
	json_t *message = json_null();

	gate.ending = true;
	if (gate.run)
		wire_send(gate.run->wire, 0, WIRE_ENDING, message, -1);
}

void gate_stop(void)
{
	struct run *r = gate.run;

	gate.ending = true;
	if (r)
		end_run(r);
}
