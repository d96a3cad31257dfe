// SPDX-License-Identifier: Apache-2.0
/* system.metrics.get: the numbers of the host, for Prometheus. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "node.h"
#include "table.h"
#include "userworld/core/internal.h"

#define TEXT_MAX (1u << 20) /* bytes of a file of /proc */

/* What cannot be read has no samples; the others are worth having. */
static char *proc_text(const char *file)
{
	char path[CORE_PATH_MAX], *text = NULL;

	if (core_path(path, NULL, CORE_PROC, "/proc/%s", file) < 0 ||
	    file_read(path, TEXT_MAX, &text, NULL, NULL) < 0)
		return NULL;
	return text;
}

static void write_proc(FILE *out, const char *file, void (*fn)(FILE *out, const char *text))
{
	_cleanup_free_ char *text = proc_text(file);

	if (text)
		fn(out, text);
}

static void write_stat(FILE *out, const char *text)
{
	node_stat(out, text, sysconf(_SC_CLK_TCK));
}

static void write_pressure(FILE *out)
{
	static const char *const names[] = { "cpu", "io", "memory" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char file[32];
		_cleanup_free_ char *text = NULL;

		snprintf(file, sizeof(file), "pressure/%s", names[i]);
		text = proc_text(file);
		if (text)
			node_pressure(out, names[i], text);
	}
}

static void write_identity(FILE *out)
{
	struct utsname u;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	expose_family(out, "node_time_seconds", EXPOSE_GAUGE, "The host's clock");
	expose_sample(out, "node_time_seconds", NULL, 0,
		      (double)now.tv_sec + (double)now.tv_nsec * 1e-9);
	if (uname(&u) < 0)
		return;
	expose_family(out, "node_uname_info", EXPOSE_GAUGE, "Fields of uname(2); always 1");
	expose_sample(out, "node_uname_info",
		      (const struct expose_label[]){ { "sysname", u.sysname },
						     { "release", u.release },
						     { "version", u.version },
						     { "machine", u.machine },
						     { "nodename", u.nodename },
						     { "domainname", u.domainname } },
		      6, 1);
}

/* An operation that fails is named in the answer: its samples would be missed without a word. */
static void write_operations(FILE *out)
{
	const struct metric *m = metric_table;

	while (m->op) {
		const char *op = m->op;
		struct err e = ERR_INIT;
		json_t *rows = NULL;

		if (core_call(op, NULL, &rows, &e) < 0)
			fprintf(out, "# %s: %s\n", op, e.text);
		for (; m->op && !strcmp(m->op, op); m++)
			if (rows)
				metric_write(out, m, rows);
		json_decref(rows);
	}
}

static void write_all(FILE *out)
{
	write_identity(out);
	write_proc(out, "meminfo", node_meminfo);
	write_proc(out, "loadavg", node_loadavg);
	write_proc(out, "stat", write_stat);
	write_proc(out, "net/dev", node_net_dev);
	write_proc(out, "diskstats", node_diskstats);
	write_pressure(out);
	write_operations(out);
}

static int metrics_get(json_t *params, json_t **result, struct err *e)
{
	json_int_t fd = core_integer(params, "fd", -1);
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *out;

	(void)result;
	if (fd < 0)
		return err_set(e, ERR_USAGE, "fd: nowhere to write to");
	out = open_memstream(&text, &len);
	if (!out)
		return core_nomem(e);
	write_all(out);
	if (fclose(out) != 0)
		return core_nomem(e);
	return fd_write_all((int)fd, text, len) < 0 ? err_sys(e, errno, "metrics") : 0;
}

static const struct core_param params[] = {
	{ "fd", CORE_INT, .max = 1 << 20, .help = "Where they are written to" },
	{ 0 },
};

const struct core_op core_metrics_ops[] = {
	{
		.name = "system.metrics.get",
		.method = "GET",
		.path = "/metrics",
		.flags = CORE_STREAM,
		.params = params,
		.run = metrics_get,
		.help = "The numbers of the host, as Prometheus reads them",
		.stream_type = EXPOSE_TYPE,
		.stream_name = "metrics.txt",
	},
	{ 0 },
};
