/* SPDX-License-Identifier: Apache-2.0 */
/* The file of accounts.h: state, and readable by root alone. */
#ifndef VISOR_CORE_ACCOUNT_STORE_H
#define VISOR_CORE_ACCOUNT_STORE_H

#include "accounts.h"

/*
 * To look: *all is a new reference that must not be changed. Quick if the file is as it was at
 * the last call.
 */
int accounts_read(json_t **all, struct err *e);

/* To change: the same under a lock, a descriptor to be closed after accounts_save(). */
int accounts_open(json_t **all, struct err *e);
int accounts_save(const json_t *all, struct err *e);

/* Removes in the file what stood for a user ("tokens", "certificates"); user gets whose it was. */
int accounts_revoke(const char *part, const char *name, const char *what,
		    char user[static ACCOUNT_USER + 1], struct err *e);

#endif
