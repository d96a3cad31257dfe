// SPDX-License-Identifier: Apache-2.0
#include "step.h"

#include <stddef.h>

#define WORDS(name, what) what,
const char *const bundle_step_words[] = { BUNDLE_STEPS(WORDS) };

void (*bundle_step_hook)(enum bundle_step step);

void bundle_step(enum bundle_step step)
{
	if (bundle_step_hook)
		bundle_step_hook(step);
}
