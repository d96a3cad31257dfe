/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What evhttp refuses before a request is one of ours (framing, size, method) it answers with a
 * page in HTML. Clients of the API get a problem instead, as for everything else. Pure.
 */
#ifndef HOSTD_REFUSAL_H
#define HOSTD_REFUSAL_H

#include <stddef.h>

#define REFUSAL_MAX 640 /* bytes, with a NUL behind them */

/*
 * answer: the begin of what evhttp is about to send. The whole of what is to be sent instead goes
 * to out; its length, or 0 if the answer is no refusal.
 */
size_t refusal_answer(const char *answer, char out[static REFUSAL_MAX]);

#endif
