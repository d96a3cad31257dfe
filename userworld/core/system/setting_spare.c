// SPDX-License-Identifier: Apache-2.0
/* Whether the running image is kept in memory (docs/banks.md, "The spare"). */
#include <inttypes.h>
#include <stdio.h>

#include "cleanup.h"
#include "conf.h"
#include "setting.h"
#include "userworld/core/boot/spare.h"
#include "userworld/core/conf_change.h"
#include "userworld/core/internal.h"

#define BOOT_CONF "/etc/boot.conf"
#define KEY "spare"

int setting_spare_get(uint64_t *value, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	unsigned int number = SPARE_AUTO;
	char path[CORE_PATH_MAX];
	struct conf c;
	int rc;

	if (core_text(path, CORE_ROOT, BOOT_CONF, CONF_FILE_MAX, &text, e) < 0 ||
	    conf_parse(&c, path, text, e) < 0)
		return -1;
	rc = conf_get_uint(&c, KEY, SPARE_NEVER, SPARE_ALWAYS, &number, e);
	conf_free(&c);
	*value = number;
	return rc < 0 ? -1 : 0;
}

static int check(const char *path, const char *text, struct err *e)
{
	struct conf c;

	if (conf_parse(&c, path, text, e) < 0)
		return -1;
	conf_free(&c);
	return 0;
}

int setting_spare_set(uint64_t value, struct err *e)
{
	char number[8];
	struct conf_change change = { KEY, number };

	snprintf(number, sizeof(number), "%" PRIu64, value);
	if (core_conf_change(BOOT_CONF, &change, 1, check, e) < 0)
		return -1;
	if (value == SPARE_NEVER)
		boot_spare_drop();
	return 0;
}
