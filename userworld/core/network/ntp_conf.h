/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the host asks for the time: /etc/ntp.conf, ntp.conf(5). */
#ifndef VISOR_CORE_NETWORK_NTP_CONF_H
#define VISOR_CORE_NETWORK_NTP_CONF_H

#include <stdbool.h>

#include "err.h"

#define NTP_CONF "/etc/ntp.conf"
#define NTP_SERVERS_MAX 8
#define NTP_TEXT_MAX 512 /* of all servers together, with the blanks between them */

struct ntp_conf {
	bool enabled;
	char servers[NTP_TEXT_MAX]; /* with one blank between two; "": those that DHCP names */
};

/*
 * Reads the text of the file; what is not given is as shipped. ERR_INVALID for what is no name and
 * no address, for too many servers and for unknown keys.
 */
int ntp_conf_parse(const char *path, const char *text, struct ntp_conf *c, struct err *e);

/* The same for a list of servers with blanks or commas between them. */
int ntp_servers_parse(const char *list, char out[static NTP_TEXT_MAX], struct err *e);

#endif
