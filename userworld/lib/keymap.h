/* SPDX-License-Identifier: Apache-2.0 */
/* The keyboard layout of the host's own screen. */
#ifndef VISOR_KEYMAP_H
#define VISOR_KEYMAP_H

#include "err.h"

#define KEYMAP_DIR "/usr/lib/visoros/keymaps" /* NAME.bmap each, and "titles" */
#define KEYMAP_FILE "/etc/keyboard" /* the name of the layout; not there: KEYMAP_SHIPPED */
#define KEYMAP_SHIPPED "us"

/*
 * Has the kernel use a layout, on all virtual consoles at once. A host that has none of those has
 * nothing to do. root is put before all paths, "" on a host.
 */
int keymap_load(const char *root, const char *layout, struct err *e);

/* The name in the text of KEYMAP_FILE, which is cut at its end; KEYMAP_SHIPPED if there is none. */
const char *keymap_name(char *text);

#endif
