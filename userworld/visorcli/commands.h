/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of commands, one file each; an entry without words ends a group. */
#ifndef VISORCLI_COMMANDS_H
#define VISORCLI_COMMANDS_H

#include "cli.h"

extern const struct cli_command boot_commands[];
extern const struct cli_command hardware_commands[];
extern const struct cli_command firewall_commands[];
extern const struct cli_command network_commands[];
extern const struct cli_command network_diag_commands[];
extern const struct cli_command network_ip_commands[];
extern const struct cli_command software_commands[];
extern const struct cli_command sources_commands[];
extern const struct cli_command profile_commands[];
extern const struct cli_command provenance_commands[];
extern const struct cli_command access_commands[];
extern const struct cli_command account_commands[];
extern const struct cli_command certificate_commands[];
extern const struct cli_command event_commands[];
extern const struct cli_command hostname_commands[];
extern const struct cli_command log_commands[];
extern const struct cli_command maintenance_commands[];
extern const struct cli_command ntp_commands[];
extern const struct cli_command panic_commands[];
extern const struct cli_command process_commands[];
extern const struct cli_command service_commands[];
extern const struct cli_command setting_commands[];
extern const struct cli_command shutdown_commands[];
extern const struct cli_command state_commands[];
extern const struct cli_command sched_commands[];
extern const struct cli_command support_commands[];
extern const struct cli_command syslog_commands[];
extern const struct cli_command task_commands[];
extern const struct cli_command trust_commands[];
extern const struct cli_command version_commands[];
extern const struct cli_command visorfs_commands[];

#endif
