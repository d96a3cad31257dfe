/* SPDX-License-Identifier: Apache-2.0 */
/* What the operations on the boot medium share. */
#ifndef VISOR_CORE_BOOT_BOOT_H
#define VISOR_CORE_BOOT_BOOT_H

#include <jansson.h>

#include "err.h"
#include "kargs.h"
#include "userworld/bank/banks.h"
#include "userworld/bank/trial.h"

/*
 * One that changes the boot medium at a time: the lock, which the caller closes. A scrub has it for
 * moments only, and is waited for; ERR_CONFLICT.
 */
int boot_lock(struct err *e);

/* The kernel's command line, as tests show it. */
int boot_cmdline(char cmdline[static KARGS_MAX], struct err *e);

/* Looks at the banks; b is freed by the caller (it is large). As banks_look(). */
int boot_look(struct banks **b, struct err *e);

/* The same, with the lock in *lock, which the caller closes. ERR_CONFLICT if another has it. */
int boot_look_locked(struct banks **b, int *lock, struct err *e);

/*
 * The image that failed: in the bank that does not run, rolled back by the loader. 1 and its trial
 * if there is one; what nobody wrote down has an empty reason. 0 if there is none, or -1.
 */
int boot_failure(const struct banks *b, struct trial *t, struct err *e);

/* Why, in words. */
const char *boot_failure_reason(const struct trial *t);

/* Its bank, build, reason and time. */
json_t *boot_pack_failure(const struct banks *b, const struct trial *t);

/* Why a bank has state 3, for whoever looks later. A bank without such a file has none. */
void boot_note(const struct banks *b, unsigned int bank, enum trial_outcome outcome,
	       const char *reason);

/* Was the host started from a medium, even if it is not there now? */
bool boot_has_medium(void);

/* Has a bank started next. *n, which may be NULL: how many states that changed. */
int boot_choose(struct banks *b, unsigned int bank, size_t *n, struct err *e);

/* Are all files of a bank what their digests say? ERR_CONFLICT. */
int boot_check_files(const struct banks *b, unsigned int bank, struct err *e);

#endif
