// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints themselves; trace.h describes them. */
#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
