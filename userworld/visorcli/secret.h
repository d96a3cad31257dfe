/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords from a terminal (twice, without echo) or from a pipe (one line). */
#ifndef VISORCLI_SECRET_H
#define VISORCLI_SECRET_H

#include "err.h"

#define SECRET_MAX 256 /* bytes, NUL included */

/* ERR_INVALID if both differ, nothing comes or it is too long. Wipe out after use. */
int secret_read(const char *prompt, const char *again, char out[static SECRET_MAX], struct err *e);

/* Asks once; from a pipe one line. */
int secret_old(const char *prompt, char out[static SECRET_MAX], struct err *e);

/* Asks once, on the terminal; ERR_USAGE if there is none. */
int secret_ask(const char *prompt, char out[static SECRET_MAX], struct err *e);

#endif
