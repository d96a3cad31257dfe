/* SPDX-License-Identifier: Apache-2.0 */
/* Settings that are a number under a name, as ESXi's advanced settings are. */
#ifndef VISOR_CORE_SYSTEM_SETTING_H
#define VISOR_CORE_SYSTEM_SETTING_H

#include <jansson.h>
#include <stdint.h>

#include "err.h"

#define SETTING_MAX 86400 /* the largest max of all */

struct setting {
	const char *option; /* "/UserVars/ESXiShellTimeOut" */
	uint64_t standard;  /* as shipped */
	uint64_t min, max;
	const char *description;
	int (*get)(uint64_t *value, struct err *e);
	int (*set)(uint64_t value, struct err *e);
};

/* Whether only unchanged files of tardisks are executed (docs/exec.md); until the host restarts. */
int setting_exec_get(uint64_t *value, struct err *e);
int setting_exec_set(uint64_t value, struct err *e);

/* Seconds after which the shells' services are stopped, from now on and for later boots. */
int setting_shell_timeout_get(uint64_t *value, struct err *e);
int setting_shell_timeout_set(uint64_t value, struct err *e);

/* Seconds without a key at the prompt after which a session ends: those that begin from now on. */
int setting_shell_idle_get(uint64_t *value, struct err *e);
int setting_shell_idle_set(uint64_t value, struct err *e);

/* Seconds without a key after which a session at the host's console ends; 0: none does. */
#define SETTING_CONSOLE_IDLE 600 /* as shipped */
int setting_console_idle_get(uint64_t *value, struct err *e);
int setting_console_idle_set(uint64_t value, struct err *e);

/* Whether the running image is kept in memory: 0 never, 1 if there is enough of it, 2 always. */
#define SETTING_SPARE "/Boot/keepSpare"
int setting_spare_get(uint64_t *value, struct err *e);
int setting_spare_set(uint64_t value, struct err *e);

/* What the home screen of the console says; "" for what it says by itself. *text is allocated. */
#define WELCOME_FILE "/etc/welcome"
#define WELCOME_FILE_MAX 2048 /* bytes */
int setting_welcome_get(char **text, struct err *e);
int setting_welcome_set(const char *text, struct err *e);

#endif
