/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of libcore share: the groups of operations, and where the host's files are. */
#ifndef VISOR_CORE_INTERNAL_H
#define VISOR_CORE_INTERNAL_H

#include <limits.h>
#include <stdint.h>

#include "core.h"

/* Each area defines its operations beside their code; an entry without name ends a group. */
extern const struct core_op core_version_ops[];
extern const struct core_op core_api_ops[];
extern const struct core_op core_hostname_ops[];
extern const struct core_op core_uptime_ops[];
extern const struct core_op core_hardware_ops[];
extern const struct core_op core_ramdisk_ops[];
extern const struct core_op core_ramdisk_files_ops[];
extern const struct core_op core_log_empty_ops[];
extern const struct core_op core_tardisk_ops[];
extern const struct core_op core_verify_ops[];
extern const struct core_op core_process_ops[];
extern const struct core_op core_process_stats_ops[];
extern const struct core_op core_service_ops[];
extern const struct core_op core_service_policy_ops[];
extern const struct core_op core_state_ops[];
extern const struct core_op core_state_history_ops[];
extern const struct core_op core_log_ops[];
extern const struct core_op core_log_follow_ops[];
extern const struct core_op core_task_ops[];
extern const struct core_op core_sched_ops[];
extern const struct core_op core_syslog_ops[];
extern const struct core_op core_event_ops[];
extern const struct core_op core_alarm_ops[];
extern const struct core_op core_power_ops[];
extern const struct core_op core_network_ops[];
extern const struct core_op core_ipv6_ops[];
extern const struct core_op core_ntp_ops[];
extern const struct core_op core_address_ops[];
extern const struct core_op core_diag_ops[];
extern const struct core_op core_dns_ops[];
extern const struct core_op core_firewall_ops[];
extern const struct core_op core_firewall_show_ops[];
extern const struct core_op core_interface_ops[];
extern const struct core_op core_nic_ops[];
extern const struct core_op core_route_ops[];
extern const struct core_op core_account_ops[];
extern const struct core_op core_users_ops[];
extern const struct core_op core_token_ops[];
extern const struct core_op core_lockdown_ops[];
extern const struct core_op core_certificate_ops[];
extern const struct core_op core_client_ops[];
extern const struct core_op core_bundle_ops[];
extern const struct core_op core_acceptance_ops[];
extern const struct core_op core_revocation_ops[];
extern const struct core_op core_sources_ops[];
extern const struct core_op core_provenance_ops[];
extern const struct core_op core_profile_ops[];
extern const struct core_op core_file_ops[];
extern const struct core_op core_keyboard_ops[];
extern const struct core_op core_setting_ops[];
extern const struct core_op core_maintenance_ops[];
extern const struct core_op core_refused_ops[];
extern const struct core_op core_boot_ops[];
extern const struct core_op core_boot_note_ops[];
extern const struct core_op core_boot_bank_ops[];
extern const struct core_op core_boot_disk_ops[];
extern const struct core_op core_boot_install_ops[];
extern const struct core_op core_boot_rebuild_ops[];
extern const struct core_op core_boot_scrub_ops[];
extern const struct core_op core_boot_spare_ops[];
extern const struct core_op core_boot_grow_ops[];
extern const struct core_op core_boot_update_ops[];
extern const struct core_op core_support_ops[];
extern const struct core_op core_metrics_ops[];
extern const struct core_op core_panic_ops[];
extern const struct core_op core_hwerror_ops[];

enum core_where { CORE_ROOT, CORE_SYSFS, CORE_PROC, CORE_RUN };

#define CORE_PATH_MAX PATH_MAX

/*
 * Composes a path: the prefix of that place (struct core_config) and an absolute
 * path. More than CORE_PATH_MAX - 1 bytes are ERR_INVALID.
 */
int core_path(char out[static CORE_PATH_MAX], struct err *e, enum core_where where, const char *fmt,
	      ...) __attribute__((format(printf, 4, 5)));

/* Reads a text file of up to max bytes: allocated, "" if it is not there. Sets path as core_path().
 */
int core_text(char path[static CORE_PATH_MAX], enum core_where where, const char *file, size_t max,
	      char **text, struct err *e);

/* The prefix itself, for libraries that take one ("" for the root of the running system). */
const char *core_prefix(enum core_where where);

/* A checked string parameter, or NULL if it was not given. Lives as long as params. */
const char *core_string(json_t *params, const char *name);

/* A checked integer parameter, or otherwise if it was not given. */
json_int_t core_integer(json_t *params, const char *name, json_int_t otherwise);

/* Takes ownership of value: *result = value, or -1 with ERR_NO_SPACE if value is NULL. */
int core_give(json_t **result, json_t *value, struct err *e);

/*
 * diff -u of what a descriptor gives and of a file, as {"lines": [...]}. label is what the first
 * one is called; a file that is not there is empty.
 */
int core_diff(int fd, const char *label, const char *path, json_t **result, struct err *e);

/* Has the supervisor read its config again; it does so when it starts, if it does not run. */
int core_reload_worlds(struct err *e);

/* Has it restart a userworld, whose settings have changed; with the same exception. */
int core_restart_world(const char *name, struct err *e);

/*
 * Tells who called core_on_progress(), if anybody did. Of an operation with several parts, percent
 * is that of the part: core_progress_part(0, 50) and then core_progress(50) is a quarter of all.
 * core_progress_rest() begins a last part where the one before it has come to.
 */
void core_progress(unsigned int percent);
void core_progress_part(unsigned int first, unsigned int last);
void core_progress_rest(void);

/* Percents by bytes: how many are expected in this part, and some that are done, by any thread. */
void core_progress_expect(uint64_t bytes);
void core_progress_bytes(uint64_t n);

/*
 * For an operation that goes on after it has changed state files: tells stated at once who it is,
 * instead of at its end.
 */
void core_note(void);

/* The user who asks, as core_set_caller() has it, and whether from the network. */
const char *core_user(void);
bool core_user_is_remote(void);

/* Allocation failed: sets e and returns -1. */
int core_nomem(struct err *e);

#endif
