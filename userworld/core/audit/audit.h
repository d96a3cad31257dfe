/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log: each change and each login, who and how it ended, one line each, in
 * /var/log/audit.log. core_call() writes it, so whoever runs an operation does.
 */
#ifndef VISOR_CORE_AUDIT_AUDIT_H
#define VISOR_CORE_AUDIT_AUDIT_H

#include "userworld/core/core.h"

#define AUDIT_COMPONENT "audit"
#define AUDIT_LINE_MAX 1900 /* bytes, NUL included: what one message of the log may have */

struct audit_caller {
	const char *who; /* "anna (network)" */
	enum core_role role;
	const char *address; /* "" if there is none */
};

/* Is it to be in the log? Pure. */
bool audit_wanted(const struct core_op *op);

/*
 * The line. Secrets are "***"; parameters, which come last, are cut where there is no room. fault
 *is NULL if it succeeded. Pure.
 *
 *	op=account.add result=ok who="anna (network)" role=admin from="192.0.2.7" params={...}
 */
void audit_line(char line[static AUDIT_LINE_MAX], const struct core_op *op, const json_t *params,
		const struct audit_caller *caller, const struct err *fault);

/* Writes it, if it is to be. */
void audit_note(const struct core_op *op, const json_t *params, const struct err *fault);

#endif
