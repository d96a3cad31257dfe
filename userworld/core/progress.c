// SPDX-License-Identifier: Apache-2.0
#include "internal.h"

static void (*listener)(unsigned int percent);

void core_on_progress(void (*fn)(unsigned int percent))
{
	listener = fn;
}

void core_progress(unsigned int percent)
{
	if (listener)
		listener(percent);
}
