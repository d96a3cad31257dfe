// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#define G EXPOSE_GAUGE
#define C EXPOSE_COUNTER
/* clang-format off */
#define RAMDISK  { { "ramdisk", "name" }, { "path", "path" } }
#define MOUNT    { { "device", "name" }, { "mountpoint", "path" }, { "fstype", "\"visorfs" } }
#define TARDISK  { { "tardisk", "name" } }
#define POOL     { { "pool", "group" } }
#define WORLD    { { "world", "name" } }
#define TARGET   { { "target", "target" } }

#define VERSION  "system.version.get"
#define RAMDISKS "system.ramdisk.list"
#define TARDISKS "system.tardisk.list"
#define VERIFY   "system.verify.get"
#define POOLS    "sched.group.list"
#define WORLDS   "system.service.list"
#define ALARMS   "system.alarm.list"
#define ERRORS   "system.hardware.error.list"
#define NTP      "system.ntp.get"
#define STATE    "system.state.get"
#define REMOTE   "system.syslog.remote.list"

const struct metric metric_table[] = {
	{ VERSION, "visoros_build_info", G, "What this host runs; always 1", { { "version", "version" }, { "build", "build" }, { "kernel", "kernel" } }, NULL, 0, false },

	{ RAMDISKS, "visorfs_ramdisk_size_bytes", G, "Cap", RAMDISK, "max", 0, false },
	{ RAMDISKS, "visorfs_ramdisk_reserved_bytes", G, "What is always there for it", RAMDISK, "min", 0, false },
	{ RAMDISKS, "visorfs_ramdisk_used_bytes", G, "In use", RAMDISK, "used", 0, false },
	{ RAMDISKS, "visorfs_ramdisk_peak_bytes", G, "Most that was in use", RAMDISK, "peak", 0, false },
	{ RAMDISKS, "visorfs_ramdisk_inodes", G, "Files it may have", RAMDISK, "max_inodes", 0, false },
	{ RAMDISKS, "visorfs_ramdisk_used_inodes", G, "Files it has", RAMDISK, "used_inodes", 0, false },
	{ RAMDISKS, "visorfs_ramdisk_full_events_total", C, "Refused writes and creations", RAMDISK, "full_events", 0, false },
	{ RAMDISKS, "node_filesystem_size_bytes", G, "Cap of a ramdisk", MOUNT, "max", 0, false },
	{ RAMDISKS, "node_filesystem_avail_bytes", G, "Room in a ramdisk", MOUNT, "free", 0, false },
	{ RAMDISKS, "node_filesystem_free_bytes", G, "Room in a ramdisk", MOUNT, "free", 0, false },
	{ RAMDISKS, "node_filesystem_files", G, "Files a ramdisk may have", MOUNT, "max_inodes", 0, false },

	{ TARDISKS, "visorfs_tardisk_content_bytes", G, "Content, unpacked", TARDISK, "size", 0, false },
	{ TARDISKS, "visorfs_tardisk_packed_bytes", G, "The file it came from", TARDISK, "packed", 0, false },
	{ TARDISKS, "visorfs_tardisk_memory_bytes", G, "Memory it takes", TARDISK, "memory", 0, false },
	{ TARDISKS, "visorfs_tardisk_files", G, "Files in it", TARDISK, "files", 0, false },
	{ TARDISKS, "visorfs_tardisk_branches", G, "Files of it that were changed since", TARDISK, "branches", 0, false },

	{ VERIFY, "visorfs_verify_passes_total", C, "Times all tardisks were scrubbed", { { NULL, NULL } }, "passes", 0, false },
	{ VERIFY, "visorfs_verify_errors_total", C, "Chunks found damaged", { { NULL, NULL } }, "errors", 0, false },
	{ VERIFY, "visorfs_verify_healed_total", C, "Chunks made good again", { { NULL, NULL } }, "healed", 0, false },

	{ POOLS, "visoros_pool_memory_used_bytes", G, "Memory in use", POOL, "memory_used", 0, false },
	{ POOLS, "visoros_pool_memory_reserved_bytes", G, "Memory that is always there for it", POOL, "memory_min", 0, false },
	{ POOLS, "visoros_pool_memory_limit_bytes", G, "Hard limit", POOL, "memory_max", 0, true },
	{ POOLS, "visoros_pool_memory_soft_limit_bytes", G, "Soft limit", POOL, "memory_high", 0, true },
	{ POOLS, "visoros_pool_cpu_seconds_total", C, "Processor time used", POOL, "cpu_used_us", 1e-6, false },
	{ POOLS, "visoros_pool_cpu_limit_cpus", G, "Processors it may use", POOL, "cpu_max", 1e-2, true },
	{ POOLS, "visoros_pool_processes", G, "Worlds in it", POOL, "pids", 0, false },
	{ POOLS, "visoros_pool_processes_limit", G, "Worlds it may have", POOL, "pids_max", 0, true },
	{ POOLS, "visoros_pool_memory_slowed_total", C, "Times the soft limit was crossed", POOL, "slowed", 0, false },
	{ POOLS, "visoros_pool_memory_refused_total", C, "Allocations refused at the hard limit", POOL, "refused_memory", 0, false },
	{ POOLS, "visoros_pool_ended_total", C, "Processes ended for lack of memory", POOL, "ended", 0, false },
	{ POOLS, "visoros_pool_forks_refused_total", C, "Refused forks", POOL, "refused_forks", 0, false },
	{ POOLS, "visoros_pool_cpu_throttled_total", C, "Times it had used up its processor time", POOL, "throttled", 0, false },

	{ WORLDS, "visoros_world_state", G, "The state that each userworld is in; always 1", { { "world", "name" }, { "state", "state" } }, NULL, 0, false },
	{ WORLDS, "visoros_world_essential", G, "Whether the OOM killer never picks it", WORLD, "essential", 0, false },
	{ WORLDS, "visoros_world_restarts_total", C, "Starts that nobody asked for", WORLD, "restarts", 0, false },

	{ ALARMS, "visoros_alarm", G, "What is wrong now; always 1", { { "alarm", "alarm" }, { "severity", "severity" }, { "event", "id" } }, NULL, 0, false },
	{ ERRORS, "visoros_hardware_errors_total", C, "Errors that the hardware has reported", { { "source", "source" }, { "where", "where" }, { "severity", "severity" } }, "count", 0, false },
	{ NTP, "node_timex_sync_status", G, "Whether the clock follows a server", { { NULL, NULL } }, "synchronized", 0, false },

	{ STATE, "visoros_state_mode", G, "Whether changes are saved (ready); always 1", { { "mode", "mode" } }, NULL, 0, false },
	{ STATE, "visoros_state_unsaved", G, "Changes wait to be saved", { { NULL, NULL } }, "unsaved", 0, false },
	{ STATE, "visoros_state_generation", G, "Generation of state that was saved or loaded last", { { NULL, NULL } }, "generation", 0, false },

	{ REMOTE, "visoros_syslog_sent_total", C, "Lines sent to a log host", TARGET, "sent", 0, false },
	{ REMOTE, "visoros_syslog_waiting", G, "Lines that wait for a log host", TARGET, "waiting", 0, false },
	{ REMOTE, "visoros_syslog_dropped_total", C, "Lines that a log host will not get", TARGET, "dropped", 0, false },
	{ NULL, NULL, G, NULL, { { NULL, NULL } }, NULL, 0, false },
};
/* clang-format on */

/* A key that begins with '"' is the label's value itself. */
static size_t take_labels(const struct metric *m, json_t *row,
			  struct expose_label labels[static METRIC_LABELS])
{
	size_t n = 0;

	for (; n < METRIC_LABELS && m->labels[n].name; n++) {
		const char *key = m->labels[n].key;
		const char *value =
			key[0] == '"' ? key + 1 : json_string_value(json_object_get(row, key));

		labels[n] = (struct expose_label){ m->labels[n].name, value ? value : "" };
	}
	return n;
}

static bool take_value(const struct metric *m, json_t *row, double *value)
{
	json_t *field = m->key ? json_object_get(row, m->key) : NULL;

	*value = 1;
	if (!m->key)
		return true;
	if (json_is_boolean(field))
		*value = json_is_true(field);
	else if (json_is_number(field))
		*value = json_number_value(field);
	else
		return false;
	if (m->limited && *value < 0)
		return false;
	*value *= m->scale != 0 ? m->scale : 1;
	return true;
}

static void write_row(FILE *out, const struct metric *m, json_t *row)
{
	struct expose_label labels[METRIC_LABELS];
	size_t n = take_labels(m, row, labels);
	double value;

	if (take_value(m, row, &value))
		expose_sample(out, m->name, labels, n, value);
}

void metric_write(FILE *out, const struct metric *m, json_t *rows)
{
	json_t *row;
	size_t i;

	expose_family(out, m->name, m->type, m->help);
	if (!json_is_array(rows)) {
		write_row(out, m, rows);
		return;
	}
	json_array_foreach (rows, i, row)
		write_row(out, m, row);
}
