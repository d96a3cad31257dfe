/* SPDX-License-Identifier: Apache-2.0 */
/* Is a value of an answer file one that can be? Pure. */
#ifndef VISOR_INSTALL_ANSWERS_CHECK_H
#define VISOR_INSTALL_ANSWERS_CHECK_H

#include <stdbool.h>

/* As hostname_check(). */
bool install_answers_hostname_ok(const char *name);

/* $ID$...: what has no "$" is a password that somebody took for a hash, or the old DES. */
bool install_answers_hash_ok(const char *hash);

/* TYPE BASE64 [COMMENT] of authorized_keys. */
bool install_answers_key_ok(const char *key);

/* "192.0.2.10", "192.0.2.10/24" (1 to 32), and addresses with blanks between them. */
bool install_answers_ip_ok(const char *text);
bool install_answers_network_ok(const char *text);
bool install_answers_ips_ok(const char *text);

/* Names or addresses with blanks between them, up to 8: nothing that a shell could take for more.
 */
bool install_answers_names_ok(const char *text);

/* udp://HOST[:PORT], tcp:// or tls://, with commas or blanks between them. */
bool install_answers_hosts_ok(const char *text);

bool install_answers_url_ok(const char *url);

/* A URL, or a path from the root on. */
bool install_answers_bundle_ok(const char *where);

#endif
