/* SPDX-License-Identifier: Apache-2.0 */
/* A setting that is one number in a config file of the host ("key = 5"); what else is in it stays.
 */
#ifndef VISOR_CORE_SYSTEM_SETTING_NUMBER_H
#define VISOR_CORE_SYSTEM_SETTING_NUMBER_H

#include <stdint.h>

#include "err.h"

/* *value stays as it is where the file or the key is missing. ERR_INVALID: none from min to max. */
int setting_number_get(const char *file, const char *key, unsigned int min, unsigned int max,
		       unsigned int *value, struct err *e);

int setting_number_set(const char *file, const char *key, uint64_t value, struct err *e);

#endif
