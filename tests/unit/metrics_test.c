// SPDX-License-Identifier: Apache-2.0
/* Metrics: the text that Prometheus reads, from /proc and from what operations answer. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/metrics/node.h"
#include "userworld/core/metrics/table.h"
#include "userworld/lib/file.h"

static char *text;
static size_t text_len;

static FILE *begin(void)
{
	FILE *out = open_memstream(&text, &text_len);

	assert_non_null(out);
	return out;
}

/* What was written, without the lines of families unless they are wanted. */
static void expect(FILE *out, bool families, const char *expected)
{
	char *kept, *to;

	fclose(out);
	kept = to = calloc(1, text_len + 1);
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\n") + 1;

		if (families || *at != '#')
			to = mempcpy(to, at, len);
		at += len;
	}
	assert_string_equal(kept, expected);
	free(kept);
	free(text);
}

static void test_format(void **state)
{
	const struct expose_label labels[] = { { "a", "x\\y" }, { "b", "\"\n" } };
	FILE *out = begin();

	(void)state;
	expose_family(out, "a_total", EXPOSE_COUNTER, "One \\ two\nthree");
	expose_sample(out, "a_total", labels, 2, 9007199254740991.0);
	expose_sample(out, "a_total", NULL, 0, 0.25);
	expose_sample(out, "a_total", NULL, 0, -1);
	expect(out, true,
	       "# HELP a_total One \\\\ two\\nthree\n# TYPE a_total counter\n"
	       "a_total{a=\"x\\\\y\",b=\"\\\"\\n\"} 9007199254740991\na_total 0.25\na_total -1\n");
}

static void test_proc(void **state)
{
	FILE *out = begin();

	(void)state;
	node_meminfo(out, "MemTotal:       88268 kB\nActive(anon):    5964 kB\nHugePages_Total:    "
			  "   3\nbad\n");
	node_loadavg(out, "0.50 0.25 0.12 2/98 1234\n");
	node_stat(out,
		  "cpu  9 9 9\ncpu0 100 0 50 1000 7 0 1 0 0 0\ncpu13 1 2\nintr 77 1 2\nctxt 5\n"
		  "btime 1700000000\nsoftirq 3 4\n",
		  100);
	node_net_dev(
		out,
		"Inter-|   Receive\n face |bytes\n  eth0:1500 3 1 2 0 0 0 0  900 4 5 6 0 0 0 0\n");
	node_diskstats(out, " 254       0 vda 10 1 20 3 40 1 50 3 0 1500 60\n");
	node_pressure(out, "memory",
		      "some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\n"
		      "full avg10=0.00 avg60=0.00 avg300=0.00 total=1\n");
	node_pressure(out, "cpu", "some avg10=0.00 total=1000000\nfull avg10=0.00 total=7\n");
	expect(out, false,
	       "node_memory_MemTotal_bytes 90386432\nnode_memory_Active_anon_bytes 6107136\n"
	       "node_memory_HugePages_Total 3\n"
	       "node_load1 0.5\nnode_load5 0.25\nnode_load15 0.12\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"nice\"} 0\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"system\"} 0.5\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 10\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"iowait\"} 0.07\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"irq\"} 0\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"softirq\"} 0.01\n"
	       "node_cpu_seconds_total{cpu=\"0\",mode=\"steal\"} 0\n"
	       "node_cpu_seconds_total{cpu=\"13\",mode=\"user\"} 0.01\n"
	       "node_cpu_seconds_total{cpu=\"13\",mode=\"nice\"} 0.02\n"
	       "node_intr_total 77\nnode_context_switches_total 5\nnode_boot_time_seconds "
	       "1700000000\n"
	       "node_network_receive_bytes_total{device=\"eth0\"} 1500\n"
	       "node_network_receive_packets_total{device=\"eth0\"} 3\n"
	       "node_network_receive_errs_total{device=\"eth0\"} 1\n"
	       "node_network_receive_drop_total{device=\"eth0\"} 2\n"
	       "node_network_transmit_bytes_total{device=\"eth0\"} 900\n"
	       "node_network_transmit_packets_total{device=\"eth0\"} 4\n"
	       "node_network_transmit_errs_total{device=\"eth0\"} 5\n"
	       "node_network_transmit_drop_total{device=\"eth0\"} 6\n"
	       "node_disk_reads_completed_total{device=\"vda\"} 10\n"
	       "node_disk_read_bytes_total{device=\"vda\"} 10240\n"
	       "node_disk_writes_completed_total{device=\"vda\"} 40\n"
	       "node_disk_written_bytes_total{device=\"vda\"} 25600\n"
	       "node_disk_io_time_seconds_total{device=\"vda\"} 1.5\n"
	       "node_pressure_memory_waiting_seconds_total "
	       "2.5\nnode_pressure_memory_stalled_seconds_total 1e-06\n"
	       "node_pressure_cpu_waiting_seconds_total 1\n");
}

/* Text that is none of what the kernel writes gives no samples. */
static void test_proc_of_nothing(void **state)
{
	FILE *out = begin();

	(void)state;
	node_meminfo(out, "");
	node_loadavg(out, "x");
	node_stat(out, "cpux 1\ncpu\n", 100);
	node_net_dev(out, "one line");
	node_diskstats(out, "254 0\n\n254 0 vda x\n");
	node_pressure(out, "io", "some avg10=1\n");
	expect(out, false, "");
}

static const struct metric *find(const char *name)
{
	for (const struct metric *m = metric_table; m->op; m++)
		if (!strcmp(m->name, name))
			return m;
	fail_msg("%s is not there", name);
	return NULL;
}

static void row_gives(const char *name, const char *rows, const char *expected)
{
	json_t *json = json_loads(rows, 0, NULL);
	FILE *out = begin();

	assert_non_null(json);
	metric_write(out, find(name), json);
	json_decref(json);
	expect(out, false, expected);
}

static void test_rows(void **state)
{
	(void)state;
	row_gives("visorfs_ramdisk_used_bytes",
		  "[{\"name\":\"tmp\",\"path\":\"/tmp\",\"used\":4096},{\"name\":\"x\"}]",
		  "visorfs_ramdisk_used_bytes{ramdisk=\"tmp\",path=\"/tmp\"} 4096\n");
	row_gives("node_filesystem_avail_bytes",
		  "[{\"name\":\"tmp\",\"path\":\"/tmp\",\"free\":7}]",
		  "node_filesystem_avail_bytes{device=\"tmp\",mountpoint=\"/"
		  "tmp\",fstype=\"visorfs\"} 7\n");
	row_gives("visoros_pool_memory_limit_bytes",
		  "[{\"group\":\"host\",\"memory_max\":-1},{\"group\":\"host/a\",\"memory_max\":5},"
		  "{\"group\":\"host/b\",\"memory_max\":null}]",
		  "visoros_pool_memory_limit_bytes{pool=\"host/a\"} 5\n");
	row_gives("visoros_pool_cpu_seconds_total",
		  "[{\"group\":\"host\",\"cpu_used_us\":1500000}]",
		  "visoros_pool_cpu_seconds_total{pool=\"host\"} 1.5\n");
	row_gives("visoros_world_state", "[{\"name\":\"hostd\",\"state\":\"running\"}]",
		  "visoros_world_state{world=\"hostd\",state=\"running\"} 1\n");
	row_gives("node_timex_sync_status", "{\"synchronized\":true}",
		  "node_timex_sync_status 1\n");
	row_gives("visoros_state_unsaved", "{\"unsaved\":false}", "visoros_state_unsaved 0\n");
}

/* Each family once, by an operation that there is and that reads only; documented by name or
 * pattern. */
static void test_table(void **state)
{
	char *docs = NULL;

	(void)state;
	assert_int_equal(file_read("docs/metrics.md", 1 << 20, &docs, NULL, NULL), 0);
	for (const struct metric *m = metric_table; m->op; m++) {
		const struct core_op *op = core_find(m->op);
		size_t len = strlen(m->name);
		bool total = len > 6 && !strcmp(m->name + len - 6, "_total"), named = false;
		char *copy = strdup(docs), *save = NULL;

		if (!op || op->privilege != CORE_READ || find(m->name) != m ||
		    total != (m->type == EXPOSE_COUNTER))
			fail_msg("%s: operation, name or type", m->name);
		for (char *word = strtok_r(copy, "` ,|\n", &save); word;
		     word = strtok_r(NULL, "` ,|\n", &save))
			named = named || fnmatch(word, m->name, 0) == 0;
		if (!named)
			fail_msg("docs/metrics.md does not name %s", m->name);
		free(copy);
	}
	free(docs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),		cmocka_unit_test(test_proc),
		cmocka_unit_test(test_proc_of_nothing), cmocka_unit_test(test_rows),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
