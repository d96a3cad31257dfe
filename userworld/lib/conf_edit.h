/* SPDX-License-Identifier: Apache-2.0 */
/* Changes one key of a config file's text (conf.h), and leaves everything else as people wrote it.
 */
#ifndef VISOR_CONF_EDIT_H
#define VISOR_CONF_EDIT_H

/*
 * The text with "key = value" in place of the line that had the key, or at the
 * end; without that line if value is NULL. Allocated; NULL for lack of memory.
 */
char *conf_edit(const char *text, const char *key, const char *value);

#endif
