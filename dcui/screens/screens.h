/* SPDX-License-Identifier: Apache-2.0 */
/* The screens, one a file, and what a few of them share. */
#ifndef DCUI_SCREENS_H
#define DCUI_SCREENS_H

#include "dcui/draw.h"
#include "dcui/page.h"
#include "dcui/ui.h"

extern const struct screen screen_home, screen_login, screen_menu, screen_password, screen_logs,
	screen_viewer, screen_agents, screen_install, screen_image, screen_erase, screen_network,
	screen_support, screen_power, screen_confirm, screen_result, screen_help, screen_trouble,
	screen_ramdisks, screen_files, screen_pools, screen_shortages, screen_settings,
	screen_bundles, screen_banks, screen_history, screen_changes, screen_diff, screen_form,
	screen_keyboard, screen_nettest, screen_adapters, screen_addresses, screen_live,
	screen_status, screen_trial, screen_welcome;

/* Open a screen whose list has to be read first. */
enum action open_ramdisks(struct model *m);
enum action open_files(struct model *m, const char *ramdisk);
enum action open_pools(struct model *m);
enum action open_shortages(struct model *m);
enum action open_settings(struct model *m);
enum action open_bundles(struct model *m);
enum action open_banks(struct model *m);
enum action open_history(struct model *m);
enum action open_changes(struct model *m, json_int_t generation);

enum action open_diff(struct model *m, json_int_t generation, const char *path);

/*
 * A form (form.c): begun with its title and text, given its fields, opened. What Enter does is
 * model.change, as model.form.take or key puts the values into it.
 */
void form_begin(struct model *m, const char *title, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void form_field(struct model *m, const char *label, const char *value);
enum action form_open(struct model *m);

/* The interface that the screens of the network are for, NULL if none is known; its name; its
 * device as it is now, or NULL. */
const struct interface *network_interface_chosen(const struct model *m);
const char *network_interface_name(const struct model *m);
const struct nic *network_nic(const struct model *m);

/* What is in use: name servers, adapters, addresses. */
void addresses_page(const struct facts *f, struct page *p);

enum action open_adapters(struct model *m);
enum action open_addresses(struct model *m);
enum action open_dns(struct model *m);
enum action open_keyboard(struct model *m);
enum action open_ipv4(struct model *m);
enum action open_ipv6(struct model *m);
enum action open_nettest(struct model *m);
enum action open_lockdown(struct model *m);

/* The text of the home screen, to be typed; text is the one there is. */
#define WELCOME_OPTION "/Annotations/WelcomeMessage"
enum action open_welcome(struct model *m, const char *text);

/* Asks for the host's name, and then for factory settings. */
enum action open_reset(struct model *m);

/* How the two shells and the ramdisks stand. */
void trouble_state(const struct model *m, struct page *p);

/* Both parts of the home screen, without its last line. */
void home_body(const struct model *m, struct grid *g);

/* Where a welcome text stands on it, and the text drawn at a place of that size. */
struct rect home_welcome_area(int rows, int cols);
void home_welcome(const struct facts *f, const char *welcome, struct grid *g, struct rect r);

/* A full screen: title bar, footer, and the area between them. */
struct rect screen_frame(const struct model *m, struct grid *g, const char *title,
			 const char *footer);

/* The same area, for handlers that need to know how much is visible. */
struct rect screen_area(const struct model *m);

#endif
