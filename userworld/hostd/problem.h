/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as RFC 9457 problem details. Pure. */
#ifndef HOSTD_PROBLEM_H
#define HOSTD_PROBLEM_H

#include <jansson.h>

#include "err.h"

#define PROBLEM_TYPE "application/problem+json"

/* {type, title, status, detail}; a new reference. status 0: as the kind of the error says. */
json_t *problem_json(const struct err *e, int status);

#endif
