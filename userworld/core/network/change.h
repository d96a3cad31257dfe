/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of the network: checked, on trial if that is asked for, and in force at once. */
#ifndef VISOR_CORE_NETWORK_CHANGE_H
#define VISOR_CORE_NETWORK_CHANGE_H

#include <jansson.h>

#include "net_conf.h"
#include "userworld/core/conf_change.h"

/* The parameter of every operation that changes the network. */
#define NETWORK_CONFIRM                                                                \
	{                                                                              \
		"confirm", CORE_INT, .min = 10, .max = 86400,                          \
				     .help = "Seconds until it is taken back, unless " \
					     "system.state.confirm comes first"        \
	}

/* The parameter "name" of operations on one interface. */
#define NETWORK_INTERFACE                                                               \
	{                                                                               \
		"name", CORE_NAME, .required = true, .min = 4, .max = NET_NAME_MAX - 1, \
				   .help = "Interface: vmk0"                            \
	}

/* The settings in force. */
int network_conf(struct net_conf *c, struct err *e);

/* The same, and one interface of it: ERR_NOT_FOUND if there is none of that name. */
const struct net_interface *network_interface(struct net_conf *c, const char *name, struct err *e);

/*
 * Changes /etc/network.conf as core_conf_change() does, and has the network begin anew. With
 * "confirm" in params a trial (system.state.try) begins before: nothing has changed if that is
 * refused. *result: {"confirm": seconds}, or {} without.
 */
int network_change(json_t *params, const struct conf_change *changes, size_t count, json_t **result,
		   struct err *e);

/* The same, and *result has "state" of the interface's addresses of that family: "pending", or
 * "none" if none is wanted. */
int network_change_address(json_t *params, const struct conf_change *changes, size_t count,
			   bool wanted, json_t **result, struct err *e);

/* The same for another file, and the worlds that read it; worlds ends with NULL. */
int network_change_file(const char *file, json_t *params, const struct conf_change *changes,
			size_t count, conf_change_check *check, const char *const *worlds,
			json_t **result, struct err *e);

/* Begins the trial that "confirm" in params asks for, if it does; and its end after a failure. */
int network_trial(json_t *params, struct err *e);
void network_trial_end(json_t *params);

#endif
