/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What actions are made of: a step is one core operation, with parameters from the model; its
 * outcome changes the model and says which step comes next.
 */
#ifndef DCUI_STEPS_H
#define DCUI_STEPS_H

#include <jansson.h>

#include "dcui/model.h"
#include "err.h"

enum step {
	STEP_END,
	STEP_LOGIN_IS_SET,
	STEP_LOGIN_VERIFY,
	STEP_PASSWORD_IS_SET,
	STEP_PASSWORD_VERIFY,
	STEP_PASSWORD_SET,
	STEP_LOG,
	STEP_LOG_ELSEWHERE,
	STEP_LOG_FAILED,
	STEP_RESTART,
	STEP_DISKS,
	STEP_DISK_CHECK,
	STEP_INSTALL,
	STEP_READ,
	STEP_CHANGE,
	STEP_SHUTDOWN,
	STEP_REBOOT,
	STEP_COUNT,
};

struct step_rule {
	const char *op; /* NULL: the one of model.reading or model.change */
	json_t *(*params)(const struct model *m); /* a new reference, or NULL */
	/* e is NULL if it succeeded. */
	enum step (*done)(struct model *m, const json_t *result, const struct err *e);
	unsigned int seconds; /* without a sign of life; 0: what is usual */
};

extern const struct step_rule step_login_is_set, step_login_verify, step_password_is_set,
	step_password_verify, step_password_set, step_log, step_log_elsewhere, step_log_failed,
	step_restart, step_disks, step_disk_check, step_install, step_read, step_change,
	step_shutdown, step_reboot;

/* {key: value} */
json_t *step_named(const char *key, const char *value);

/* {"user": ..., "password": ...} */
json_t *step_credentials(const char *user, const struct field *password);

/* Logs what the user did, and how it ended: e is NULL if it succeeded. */
void step_note(const struct model *m, const struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
