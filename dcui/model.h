/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything a screen is drawn from: what is known of the host, who is logged
 * in, which screens are open, and the state of each. Drawing reads it, keys
 * change it; nothing in here touches the system.
 */
#ifndef DCUI_MODEL_H
#define DCUI_MODEL_H

#include "dcui/area.h"
#include "dcui/cell.h"
#include "dcui/facts.h"
#include "dcui/field.h"
#include "dcui/lines.h"
#include "dcui/live.h"

#include "userworld/core/system/setting.h"

#include <stdbool.h>
#include <stdint.h>

enum screen_id {
	SCREEN_HOME,
	SCREEN_LOGIN,
	SCREEN_MENU,
	SCREEN_PASSWORD,
	SCREEN_LOGS,
	SCREEN_VIEWER,
	SCREEN_AGENTS,
	SCREEN_INSTALL,
	SCREEN_IMAGE,
	SCREEN_ERASE,
	SCREEN_NETWORK,
	SCREEN_SUPPORT,
	SCREEN_TROUBLE,
	SCREEN_RAMDISKS,
	SCREEN_FILES,
	SCREEN_POOLS,
	SCREEN_SHORTAGES,
	SCREEN_SETTINGS,
	SCREEN_BUNDLES,
	SCREEN_BANKS,
	SCREEN_HISTORY,
	SCREEN_CHANGES,
	SCREEN_DIFF,
	SCREEN_FORM,
	SCREEN_KEYBOARD,
	SCREEN_NETTEST,
	SCREEN_ADAPTERS,
	SCREEN_ADDRESSES,
	SCREEN_LIVE,
	SCREEN_STATUS,
	SCREEN_TRIAL,
	SCREEN_WELCOME,
	SCREEN_POWER,
	SCREEN_CONFIRM,
	SCREEN_RESULT,
	SCREEN_HELP,
	SCREEN_COUNT,
};

/* What a key asks to be done outside the model (actions.c). */
enum action {
	ACTION_NONE,
	ACTION_IGNORED, /* the key means nothing to this screen */
	ACTION_QUIT,
	ACTION_LOGIN,
	ACTION_LOGOUT,
	ACTION_SET_PASSWORD,
	ACTION_READ_LOG,
	ACTION_RESTART_AGENTS,
	ACTION_LIST_DISKS,
	ACTION_CHECK_DISK,
	ACTION_INSTALL,
	ACTION_READ,   /* model.reading */
	ACTION_CHANGE, /* model.change */
	ACTION_SHUTDOWN,
	ACTION_REBOOT,
	ACTION_COUNT,
};

struct model;

#define UI_DEPTH 8			     /* screens open over one another */
#define UI_IDLE_SECONDS SETTING_CONSOLE_IDLE /* until the host says what is set */
#define UI_MESSAGE 512

struct login {
	struct field user, password;
	int focus;
	char message[UI_MESSAGE];
	enum screen_id then; /* where a successful login leads */
};

#define PASSWORD_FIELDS 3

struct password {
	struct field field[PASSWORD_FIELDS]; /* old, new, new again */
	int focus;
	char message[UI_MESSAGE];
};

#define VIEWER_FAILED "failed start"

struct viewer {
	char log[32];	    /* name of the log */
	bool failed;	    /* it is that of the build that failed: its end, and nothing comes */
	char component[32]; /* only lines of this component, empty: all */
	struct lines lines;
	bool loaded;
	int top, left;
	bool follow;
	bool searching; /* the search prompt is open */
	struct field search;
	char pattern[FIELD_BYTES]; /* last search, empty: none */
	int found;		   /* line of the last match, -1: none */
	char message[UI_MESSAGE];
	uint64_t read_at; /* model.now when it was last read */
};

/* Agents to restart, and how far that has come. */
struct agents {
	struct list list;
	char names[FACTS_SERVICES][32];
	size_t count, next;
};

struct disk {
	char device[64]; /* /dev/NAME; empty: none */
	char model[64], serial[128];
	char path[512];	   /* where it is plugged in */
	char content[128]; /* what is on it, for people */
	uint64_t size;	   /* bytes */
	bool running;	   /* the host was started from it */
};

#define INSTALL_DISKS 32

/* Installing to a disk: which there are, the one that was chosen, and what it would get. */
struct install {
	struct list list;
	struct disk disks[INSTALL_DISKS];
	size_t count;
	char why[UI_MESSAGE]; /* there is no list */
	struct disk disk;     /* the chosen one, as it was when it was checked */
	char build[64], from[256];
	struct field name;  /* typed to confirm */
	struct field image; /* URL of the image, empty: the one that this host has */
	char message[UI_MESSAGE];
};

/* A list as an operation has answered it (table.h). */
struct table {
	struct list list;
	json_t *rows; /* NULL: none */
	bool loaded;
	char why[UI_MESSAGE]; /* there are none */
	char subject[256];    /* what the list is of: the name of a ramdisk, a path */
	json_int_t number;    /* the same: a generation */
};

/* What ACTION_READ asks, and where the answer goes. */
struct reading {
	const char *op, *key; /* key: the field of the answer that has the list, or NULL */
	json_t *params;
	struct table *into; /* NULL: nothing to read */
};

/* What ACTION_CHANGE does, and what is said about it. */
struct change {
	const char *op;
	json_t *params;
	char what[96]; /* for the log */
	char title[48], busy[96];
	char done[256];
	bool power; /* it asks for a restart of the host */
	bool trial; /* it is taken back unless it is kept */
};

#define TRIAL_SECONDS 120
#define MANAGEMENT "vmk0" /* interface that the host is managed by */

/* The management network: what can be done with it, and with which interface. */
struct network {
	struct list list;
	size_t interface; /* in facts.interfaces */
	int top;	  /* of the addresses in use */
};

/* Changes that are taken back unless they are kept. */
struct trial {
	uint64_t until; /* of model.now */
	char title[48], done[256];
};

#define FORM_FIELDS 3

/* Values that are typed before model.change is done. */
struct form {
	char title[48], text[UI_MESSAGE];
	int count, focus;
	char label[FORM_FIELDS][24];
	struct field field[FORM_FIELDS];
	/* Puts them into model.change; false: message says why not. */
	bool (*take)(struct model *m);
	const char *key;   /* without it: the parameter that the only one becomes */
	json_int_t factor; /* of the number that is typed; 0: it is text */
	char message[UI_MESSAGE];
};

struct confirm {
	enum action action;
	bool f11; /* F11 says yes as well, besides Enter */
	char title[48];
	char text[UI_MESSAGE];
};

#define RESULT_LINES (FACTS_SERVICES + 4)

struct result {
	char title[48];
	struct {
		enum style style; /* STYLE_DIALOG or STYLE_ALERT */
		char text[256];
	} line[RESULT_LINES];
	int count, top;
	bool power; /* what was done asks for a restart: F12 goes there */
};

struct model {
	struct facts facts;
	int rows, cols;	   /* of the terminal */
	uint64_t now;	   /* seconds of a clock that never goes back */
	uint64_t last_key; /* model.now at the last key */
	bool console;	   /* the host's own console: cannot be left */
	bool serial;	   /* function keys may not get through */

	bool logged_in;
	char user[FIELD_BYTES]; /* who is logged in */

	enum screen_id stack[UI_DEPTH];
	int depth; /* 1 .. UI_DEPTH */

	enum action busy; /* an action in progress, ACTION_NONE: keys are taken */
	char busy_text[128];
	int busy_percent; /* -1: not known */
	uint64_t busy_since;
	enum action granted; /* what was confirmed last; good for one use */

	struct login login;
	struct list menu, logs;
	struct password password;
	struct viewer viewer;
	struct agents agents;
	struct install install;
	struct list trouble;
	struct table ramdisks, files, pools, shortages, settings, bundles, banks, history, changes,
		diff, layouts, adapters, nettest;
	struct reading reading;
	struct change change;
	struct form form;
	struct area welcome; /* as it is typed */
	struct network network;
	struct trial trial;
	struct live live;
	int support_top, help_top;
	struct confirm confirm;
	struct result result;
};

/* Home screen, nobody logged in, nothing known of the host. */
void model_init(struct model *m, int rows, int cols);
void model_free(struct model *m);

#endif
