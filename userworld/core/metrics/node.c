// SPDX-License-Identifier: Apache-2.0
#include "node.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "expose.h"

#define NAME 96
#define SECTOR 512 /* bytes that /proc/diskstats counts in, whatever the disk has */

/* Calls fn for each line, cut at 1 KiB. */
static void each_line(const char *text, void (*fn)(void *context, char *line), void *context)
{
	char line[1024];

	while (*text) {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		fn(context, line);
		text += len + (text[len] == '\n');
	}
}

/* "Active(anon):  123 kB": node_memory_Active_anon_bytes. */
static void meminfo_line(void *context, char *line)
{
	char key[NAME], name[NAME + 32], unit[8] = "";
	unsigned long long value;
	size_t len = 0;

	if (sscanf(line, "%80[^:]: %llu %7s", key, &value, unit) < 2)
		return;
	for (const char *c = key; *c; c++)
		if (*c != ')')
			key[len++] = isalnum((unsigned char)*c) ? *c : '_';
	key[len] = '\0';
	snprintf(name, sizeof(name), "node_memory_%s%s", key, unit[0] ? "_bytes" : "");
	expose_family(context, name, EXPOSE_GAUGE, "Field of /proc/meminfo");
	expose_sample(context, name, NULL, 0, (double)value * (unit[0] ? 1024 : 1));
}

void node_meminfo(FILE *out, const char *text)
{
	each_line(text, meminfo_line, out);
}

void node_loadavg(FILE *out, const char *text)
{
	static const char *const names[] = { "node_load1", "node_load5", "node_load15" };
	double load[3];

	if (sscanf(text, "%lf %lf %lf", &load[0], &load[1], &load[2]) != 3)
		return;
	for (size_t i = 0; i < 3; i++) {
		expose_family(out, names[i], EXPOSE_GAUGE, "Load average");
		expose_sample(out, names[i], NULL, 0, load[i]);
	}
}

struct stat_line {
	FILE *out;
	long ticks;
};

static void cpu_line(void *context, char *line)
{
	static const char *const modes[] = { "user",   "nice", "system",  "idle",
					     "iowait", "irq",  "softirq", "steal" };
	const struct stat_line *s = context;
	char number[16], *at;
	struct expose_label labels[] = { { "cpu", number }, { "mode", NULL } };

	if (sscanf(line, "cpu%15[0-9]", number) != 1)
		return;
	at = line + strcspn(line, " ");
	for (size_t i = 0; i < ARRAY_SIZE(modes) && *at == ' '; i++) {
		unsigned long long value = strtoull(at + 1, &at, 10);

		labels[1].value = modes[i];
		expose_sample(s->out, "node_cpu_seconds_total", labels, 2,
			      (double)value / (double)s->ticks);
	}
}

static void other_line(void *context, char *line)
{
	static const struct {
		const char *key, *name;
		enum expose_type type;
		const char *help;
	} fields[] = {
		{ "intr", "node_intr_total", EXPOSE_COUNTER, "Interrupts" },
		{ "ctxt", "node_context_switches_total", EXPOSE_COUNTER, "Context switches" },
		{ "btime", "node_boot_time_seconds", EXPOSE_GAUGE, "When the host started" },
		{ "processes", "node_forks_total", EXPOSE_COUNTER, "Forks" },
		{ "procs_running", "node_procs_running", EXPOSE_GAUGE, "Threads that run" },
		{ "procs_blocked", "node_procs_blocked", EXPOSE_GAUGE,
		  "Threads that wait for I/O" },
	};
	char key[32];
	unsigned long long value;

	if (sscanf(line, "%31s %llu", key, &value) != 2)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (strcmp(key, fields[i].key) != 0)
			continue;
		expose_family(context, fields[i].name, fields[i].type, fields[i].help);
		expose_sample(context, fields[i].name, NULL, 0, (double)value);
	}
}

void node_stat(FILE *out, const char *text, long ticks)
{
	struct stat_line s = { out, ticks };

	expose_family(out, "node_cpu_seconds_total", EXPOSE_COUNTER, "Seconds in each mode");
	each_line(text, cpu_line, &s);
	each_line(text, other_line, out);
}

/* One column of a table whose lines begin with a device. */
struct column {
	FILE *out;
	const char *name, *separator;
	int skip;   /* words before the device */
	int column; /* words behind it, from 0 */
	double scale;
};

static void column_line(void *context, char *line)
{
	const struct column *c = context;
	struct expose_label label = { "device", NULL };
	char *save = NULL, *word = strtok_r(line, c->separator, &save), *end;
	unsigned long long value;

	for (int i = 0; i < c->skip && word; i++)
		word = strtok_r(NULL, c->separator, &save);
	label.value = word;
	for (int i = 0; i <= c->column && word; i++)
		word = strtok_r(NULL, c->separator, &save);
	if (!word)
		return;
	value = strtoull(word, &end, 10);
	if (end != word && !*end)
		expose_sample(c->out, c->name, &label, 1, (double)value * c->scale);
}

static void columns(FILE *out, const char *text, const struct column *list, size_t n,
		    const char *help)
{
	for (size_t i = 0; i < n; i++) {
		struct column c = list[i];

		c.out = out;
		expose_family(out, c.name, EXPOSE_COUNTER, help);
		each_line(text, column_line, &c);
	}
}

void node_net_dev(FILE *out, const char *text)
{
#define NET(name, at)                                               \
	{                                                           \
		NULL, "node_network_" name "_total", " :", 0, at, 1 \
	}
	static const struct column list[] = {
		NET("receive_bytes", 0),  NET("receive_packets", 1), NET("receive_errs", 2),
		NET("receive_drop", 3),	  NET("transmit_bytes", 8),  NET("transmit_packets", 9),
		NET("transmit_errs", 10), NET("transmit_drop", 11),
	};
#undef NET
	/* Its first two lines are a head. */
	for (int i = 0; i < 2 && text; i++) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	columns(out, text ? text : "", list, ARRAY_SIZE(list), "Field of /proc/net/dev");
}

void node_diskstats(FILE *out, const char *text)
{
#define DISK(name, at, scale)                                       \
	{                                                           \
		NULL, "node_disk_" name "_total", " ", 2, at, scale \
	}
	static const struct column list[] = {
		DISK("reads_completed", 0, 1),	  DISK("read_bytes", 2, SECTOR),
		DISK("writes_completed", 4, 1),	  DISK("written_bytes", 6, SECTOR),
		DISK("io_time_seconds", 9, 1e-3),
	};
#undef DISK
	columns(out, text, list, ARRAY_SIZE(list), "Field of /proc/diskstats");
}

void node_pressure(FILE *out, const char *name, const char *text)
{
	static const struct {
		const char *line, *word;
	} kinds[] = { { "some ", "waiting" }, { "full ", "stalled" } };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *at = strstr(text, kinds[i].line);
		char metric[NAME];

		at = at ? strstr(at, "total=") : NULL;
		/* All that wait for a processor at once is no state that a host can be in. */
		if (!at || (i == 1 && strcmp(name, "cpu") == 0))
			continue;
		snprintf(metric, sizeof(metric), "node_pressure_%s_%s_seconds_total", name,
			 kinds[i].word);
		expose_family(out, metric, EXPOSE_COUNTER, "Pressure stall information");
		expose_sample(out, metric, NULL, 0, (double)strtoull(at + 6, NULL, 10) * 1e-6);
	}
}
