/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for all users, as settings (access.h). */
#ifndef VISOR_CORE_SYSTEM_SETTING_ACCESS_H
#define VISOR_CORE_SYSTEM_SETTING_ACCESS_H

#include <stdint.h>

#include "err.h"

int setting_lock_failures_get(uint64_t *value, struct err *e);
int setting_lock_failures_set(uint64_t value, struct err *e);
int setting_lock_seconds_get(uint64_t *value, struct err *e);
int setting_lock_seconds_set(uint64_t value, struct err *e);
int setting_session_idle_get(uint64_t *value, struct err *e);
int setting_session_idle_set(uint64_t value, struct err *e);
int setting_password_length_get(uint64_t *value, struct err *e);
int setting_password_length_set(uint64_t value, struct err *e);
int setting_password_classes_get(uint64_t *value, struct err *e);
int setting_password_classes_set(uint64_t value, struct err *e);

#endif
