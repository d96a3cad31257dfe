// SPDX-License-Identifier: Apache-2.0
/* All operations in one table, and the call that runs one. */
#include <string.h>

#include "internal.h"
#include "userworld/core/audit/audit.h"
#include "userworld/core/state/client.h"

static const struct core_op *const groups[] = {
	core_version_ops,
	core_hostname_ops,
	core_uptime_ops,
	core_hardware_ops,
	core_ramdisk_ops,
	core_ramdisk_files_ops,
	core_log_empty_ops,
	core_tardisk_ops,
	core_process_ops,
	core_service_ops,
	core_state_ops,
	core_state_history_ops,
	core_log_ops,
	core_event_ops,
	core_alarm_ops,
	core_power_ops,
	core_network_ops,
	core_account_ops,
	core_bundle_ops,
	core_syslog_ops,
	core_acceptance_ops,
	core_revocation_ops,
	core_file_ops,
	core_sched_ops,
	core_process_stats_ops,
	core_verify_ops,
	core_setting_ops,
	core_keyboard_ops,
	core_sources_ops,
	core_refused_ops,
	core_profile_ops,
	core_provenance_ops,
	core_boot_ops,
	core_boot_bank_ops,
	core_boot_disk_ops,
	core_boot_install_ops,
	core_maintenance_ops,
	core_boot_update_ops,
	core_support_ops,
	core_boot_note_ops,
	core_service_policy_ops,
	core_panic_ops,
	core_hwerror_ops,
	core_ipv6_ops,
	core_ntp_ops,
	core_boot_scrub_ops,
	core_boot_rebuild_ops,
	core_boot_spare_ops,
	core_metrics_ops,
	core_api_ops,
	core_boot_grow_ops,
	core_users_ops,
	core_token_ops,
	core_lockdown_ops,
	core_client_ops,
	core_certificate_ops,
	core_address_ops,
	core_diag_ops,
	core_dns_ops,
	core_interface_ops,
	core_nic_ops,
	core_route_ops,
	core_firewall_ops,
	core_firewall_show_ops,
	core_task_ops,
	core_log_follow_ops,
};

const struct core_op *core_op_at(size_t i)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct core_op *op = groups[g]; op->name; op++)
			if (i-- == 0)
				return op;
	return NULL;
}

const struct core_op *core_find(const char *name)
{
	const struct core_op *op;

	for (size_t i = 0; (op = core_op_at(i)); i++)
		if (!strcmp(op->name, name))
			return op;
	return NULL;
}

/* The one that runs, until stated was told of it. */
static const struct core_op *untold;

void core_note(void)
{
	/* Those on the state itself say who asked for them. */
	if (untold && core_changes(untold) &&
	    strncmp(untold->name, STATE_OPS, strlen(STATE_OPS)) != 0)
		state_note(untold->name);
	untold = NULL;
}

static int run(const struct core_op *op, json_t *params, json_t **answer, struct err *e)
{
	const struct core_op *outer = untold;
	int rc;

	untold = op;
	rc = op->run(params, answer, e);
	if (rc >= 0)
		core_note();
	untold = outer;
	return rc;
}

int core_call(const char *name, json_t *params, json_t **result, struct err *e)
{
	const struct core_op *op = core_find(name);
	struct err fault = ERR_INIT;
	json_t *answer = NULL;

	if (!op)
		return err_set(e, ERR_NOT_FOUND, "%.64s: no such operation", name);
	if (core_check(op, params, &fault) < 0 || run(op, params, &answer, &fault) < 0) {
		audit_note(op, params, &fault);
		json_decref(answer);
		if (e)
			*e = fault;
		return -1;
	}
	audit_note(op, params, NULL);
	if (!answer)
		answer = json_null();
	if (result)
		*result = answer;
	else
		json_decref(answer);
	return 0;
}

int core_nomem(struct err *e)
{
	return err_set(e, ERR_NO_SPACE, "out of memory");
}

int core_give(json_t **result, json_t *value, struct err *e)
{
	if (!value)
		return core_nomem(e);
	*result = value;
	return 0;
}
