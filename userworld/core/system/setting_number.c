// SPDX-License-Identifier: Apache-2.0
#include "setting_number.h"

#include <inttypes.h>
#include <stdio.h>

#include "cleanup.h"
#include "conf.h"
#include "userworld/core/conf_change.h"
#include "userworld/core/internal.h"

int setting_number_get(const char *file, const char *key, unsigned int min, unsigned int max,
		       unsigned int *value, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	struct conf c;
	int rc;

	if (core_text(path, CORE_ROOT, file, CONF_FILE_MAX, &text, e) < 0 ||
	    conf_parse(&c, path, text, e) < 0)
		return -1;
	rc = conf_get_uint(&c, key, min, max, value, e);
	conf_free(&c);
	return rc < 0 ? -1 : 0;
}

/* What else is in it is the business of whoever reads it. */
static int check(const char *path, const char *text, struct err *e)
{
	struct conf c;

	if (conf_parse(&c, path, text, e) < 0)
		return -1;
	conf_free(&c);
	return 0;
}

int setting_number_set(const char *file, const char *key, uint64_t value, struct err *e)
{
	char number[24];
	struct conf_change change = { key, number };

	snprintf(number, sizeof(number), "%" PRIu64, value);
	return core_conf_change(file, &change, 1, check, e);
}
