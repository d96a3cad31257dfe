// SPDX-License-Identifier: Apache-2.0
/* Whether the running image is kept in memory (docs/banks.md, "The spare"). */
#include "setting.h"
#include "setting_number.h"
#include "userworld/core/boot/spare.h"

#define BOOT_CONF "/etc/boot.conf"
#define KEY "spare"

int setting_spare_get(uint64_t *value, struct err *e)
{
	unsigned int number = SPARE_AUTO;
	int rc = setting_number_get(BOOT_CONF, KEY, SPARE_NEVER, SPARE_ALWAYS, &number, e);

	*value = number;
	return rc;
}

int setting_spare_set(uint64_t value, struct err *e)
{
	if (setting_number_set(BOOT_CONF, KEY, value, e) < 0)
		return -1;
	if (value == SPARE_NEVER)
		boot_spare_drop();
	return 0;
}
