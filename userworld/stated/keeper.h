/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of state on this host: which store it goes to, what was saved there last, and
 * why nothing is saved if so. Everything that stated does is one of these calls.
 */
#ifndef STATED_KEEPER_H
#define STATED_KEEPER_H

#include "event_type.h"
#include "userworld/state/snapshot.h"
#include "userworld/state/store.h"
#include "userworld/stated/seal_want.h"

#define KEEP_DEVICE 64
#define KEEP_GUID 37
#define KEEP_RUN "/run/visoros/state" /* folder of stated's own files */

enum keep_mode {
	KEEP_STATELESS, /* the host was not started from a medium, or it is said so */
	KEEP_READY,	/* changes are saved */
	KEEP_GONE,	/* the medium is not there, changes wait */
	KEEP_REFUSED,	/* it is there, and must not be written to before somebody decides */
	KEEP_FAILED,	/* it is there, and saving fails; tried again */
	KEEP_RESET,	/* factory settings from the next boot on: nothing is saved before */
};

struct keeper {
	enum keep_mode mode;
	char why[320];		  /* what a person should know of it, "" if nothing */
	bool on_purpose;	  /* stateless, because visoros.state says so */
	char url[1024];		  /* state was loaded from there, or will be; "" */
	char device[KEEP_DEVICE]; /* partition of the store, "" if it is not there */
	char adopted[KEEP_GUID];  /* partition that somebody chose instead of the boot medium's */
	struct state_store store; /* io is open only while something is done with it */
	bool has_store;		  /* the record in store is that of the medium that we go on with */
	bool blank;		  /* the medium is blank: a store is made by the first save */
	enum seal_wish seal;	  /* visoros.seal */
	bool seal_failed;	  /* the TPM refused to seal a key; not tried again */
	bool locked;		  /* the store there is sealed, and its key not to be had */
	bool booting;		  /* nothing is loaded yet: any store of the medium is welcome */
	bool loaded;		  /* what the medium had was loaded, so nothing on it is unknown */
	int boot_files; /* state files that the host had from the medium when it started */
	uint64_t seen;	/* highest number on the medium then, or saved since */
	struct state_header base;    /* the generation loaded or saved last; number 0: none */
	struct state_snapshot saved; /* what it has */
	bool unsaved;		     /* something has changed since */
	bool force;		     /* the next save writes, changed or not */
	int64_t trial;		     /* CLOCK_BOOTTIME ms at which the trial ends, 0: none */
	char trial_who[STATE_WHO_MAX + 1];
	char build[STATE_BUILD_MAX + 1]; /* of the image that runs */
};

/* Tells of an event. */
void keeper_say(enum event_id id, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The mode as a word: "ready". */
const char *keeper_mode_word(enum keep_mode mode);

/* Milliseconds since boot. */
int64_t keeper_now(void);

/*
 * Looks where the medium is and whether it is the one that we go on with; sets mode, why and
 * device. Called when devices have come or gone. True if the mode is another one than before.
 */
bool keeper_look(struct keeper *k);

/* At boot: loads the newest good generation of the medium, which keeper_look() has found. */
int keeper_load(struct keeper *k, struct err *e);

/* stated was restarted: goes on from what its status file says. */
int keeper_resume(struct keeper *k, struct err *e);

/* Has the boot been done by a stated before this one? Then *k is what that one knew. */
bool keeper_was_here(struct keeper *k);

/*
 * Compares with what was saved, and saves if it must. Returns 1 if the medium was written to, 0 if
 * not; nothing needed, or not possible in this mode. -1: the medium failed.
 */
int keeper_save(struct keeper *k, const char *who, const char *why, struct err *e);

/*
 * Makes the host as a snapshot says: what it has is written, what it has not is as shipped, or
 * gone. Returns the number of files; *restart (NULL: not wanted) is an allocated list of services,
 * separated by blanks, that read such files only when they start.
 */
int keeper_apply(struct keeper *k, const struct state_snapshot *target, char **restart,
		 struct err *e);

/* /run/visoros/state/status.json */
void keeper_status(const struct keeper *k);

/* Opens the store to read or write it, or says why not. keeper_close() afterwards. */
int keeper_open(struct keeper *k, bool writable, struct err *e);
void keeper_close(struct keeper *k);

/*
 * The device of the adopted partition or the medium's own: "" in *device if it is not there.
 * ERR_NOT_FOUND: it may come yet.
 */
int keeper_find(const struct keeper *k, char device[static KEEP_DEVICE], struct err *e);

/*
 * The store on a device becomes the one of this host, whatever is there; a blank one is made.
 * What it has stays as history, unless the next save seals the store.
 */
int keeper_adopt(struct keeper *k, const char *device, struct err *e);

/* Writes an empty generation; nothing is saved after that until the host restarts. */
int keeper_reset(struct keeper *k, const char *who, struct err *e);

/* Commit-confirm: keeps what is now, and brings it back unless confirmed in time. */
int keeper_try(struct keeper *k, unsigned int seconds, const char *who, struct err *e);
int keeper_confirm(struct keeper *k, struct err *e);
int keeper_cancel(struct keeper *k, const char *who, struct err *e); /* brings it back at once */
int keeper_trial_over(struct keeper *k, struct err *e);

#endif
