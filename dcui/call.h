/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One core operation in a child process. The console must not hang because a
 * call does, and the memory that a call needs is given back with the child.
 * When no process can be made (memory or pids are short: just then the console
 * is needed), the call runs in this process instead.
 */
#ifndef DCUI_CALL_H
#define DCUI_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "err.h"

typedef int (*call_fn)(const char *op, json_t *params, json_t **result, struct err *e);

struct call;

/*
 * Starts fn(op, params). Takes params over (may be NULL) and wipes the strings
 * in it in this process. With in_process nothing is forked. seconds: how long it
 * may be silent. NULL: no memory; the caller reports it.
 */
struct call *call_start(call_fn fn, const char *op, json_t *params, unsigned int seconds,
			uint64_t now, bool in_process);

/* To be polled for reading; -1 if the answer is there already. */
int call_fd(const struct call *c);

/* Takes in what has come. True when the call is complete or its time is up. */
bool call_ready(struct call *c, uint64_t now);

/* For fn: says how far it is, in percent. */
void call_tell(unsigned int percent);

/* What was told last, or -1. */
int call_percent(const struct call *c);

/* The outcome, as of fn; frees the call. ERR_UNAVAILABLE if there was no answer in time. */
int call_finish(struct call *c, json_t **result, struct err *e);

/* Ends the call whatever its state. c may be NULL. */
void call_cancel(struct call *c);

#endif
