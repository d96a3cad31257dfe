/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of the kernel command line: "word" or "word=value". Quoting follows
 * the kernel: double quotes keep spaces within a word and are dropped.
 */
#ifndef VISOR_KARGS_H
#define VISOR_KARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define KARGS_MAX 4096 /* bytes of a command line, NUL included */

/* Reads /proc/cmdline. */
int kargs_read(char buf[static KARGS_MAX], struct err *e);

/*
 * True if word is on the line: "name" is met by "name" and by "name=anything",
 * "name=value" by exactly that.
 */
bool kargs_has(const char *cmdline, const char *word);

/* Copies the value of the last "name=value"; false if there is none or it does not fit. */
bool kargs_value(const char *cmdline, const char *name, char *buf, size_t size);

/* Takes every "name" and "name=anything" off the line; no value of it may have quoted spaces. */
void kargs_drop(char *cmdline, const char *name);

#endif
