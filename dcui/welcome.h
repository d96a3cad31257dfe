/* SPDX-License-Identifier: Apache-2.0 */
/* The welcome text of an operator, with what is known of the host in the place of its variables. */
#ifndef DCUI_WELCOME_H
#define DCUI_WELCOME_H

#include "dcui/facts.h"

#define WELCOME_MAX 4096 /* bytes of what comes out, with the final zero */

/*
 * "{hostname}" and the like: product, version, build, hostname, address, url, thumbprint, memory,
 * cpu, serial; ESXi's names esxproduct, esxversion, ip and ssl-thumbprint as well. What is not
 * known of the host is "-"; a variable that there is not stays as it is. Control characters but
 * newlines become "?" or blanks. What does not fit is cut between characters.
 */
void welcome_expand(const char *text, const struct facts *f, char out[static WELCOME_MAX]);

#endif
