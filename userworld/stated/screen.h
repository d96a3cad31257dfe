/* SPDX-License-Identifier: Apache-2.0 */
/* A word to whoever sits before the host while its console is not there yet. */
#ifndef VISOR_STATED_SCREEN_H
#define VISOR_STATED_SCREEN_H

/* A line on the screen where the console will be, and on the kernel's console. Never waits. */
void screen_say(const char *text);

#endif
