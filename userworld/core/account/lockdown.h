/* SPDX-License-Identifier: Apache-2.0 */
/* Lockdown mode: who may still come in. What it means is access_may_enter() (access.h). */
#ifndef VISOR_CORE_ACCOUNT_LOCKDOWN_H
#define VISOR_CORE_ACCOUNT_LOCKDOWN_H

#include "access.h"
#include "accounts.h"

/*
 * Could somebody still administer the host? In strict mode, which shuts the console, that takes an
 * exception user who is an administrator. Pure. ERR_CONFLICT.
 */
int lockdown_reachable(const struct access *a, const json_t *all, struct err *e);

/* Would that be so with these accounts? */
int lockdown_check(const json_t *all, struct err *e);

/* The user is no exception any more; accounts are as they will be. */
int lockdown_forget(const char *user, const json_t *all, struct err *e);

/* A service that root, and nobody else, could come in by. ERR_DENIED if root may not. */
int lockdown_may_start(const char *service, struct err *e);

#endif
