/* SPDX-License-Identifier: Apache-2.0 */
/* The screens, one a file, and what a few of them share. */
#ifndef DCUI_SCREENS_H
#define DCUI_SCREENS_H

#include "dcui/draw.h"
#include "dcui/ui.h"

extern const struct screen screen_home, screen_login, screen_menu, screen_password, screen_logs,
	screen_viewer, screen_agents, screen_install, screen_image, screen_erase, screen_network,
	screen_support, screen_power, screen_confirm, screen_result, screen_help;

/* A full screen: title bar, footer, and the area between them. */
struct rect screen_frame(const struct model *m, struct grid *g, const char *title,
			 const char *footer);

/* The same area, for handlers that need to know how much is visible. */
struct rect screen_area(const struct model *m);

#endif
