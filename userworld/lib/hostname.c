// SPDX-License-Identifier: Apache-2.0
#include "hostname.h"

#include <ctype.h>
#include <string.h>

static int check_label(const char *label, size_t len, struct err *e)
{
	if (len == 0 || len > 63)
		return err_set(e, ERR_INVALID,
			       "hostname: the parts between dots need 1 to 63 bytes");
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)label[i]) && label[i] != '-')
			return err_set(e, ERR_INVALID,
				       "hostname: may hold letters, digits, - and . only");
	if (label[0] == '-' || label[len - 1] == '-')
		return err_set(e, ERR_INVALID, "hostname: a part must not begin or end with -");
	return 0;
}

int hostname_check(const char *name, struct err *e)
{
	if (strlen(name) > HOSTNAME_MAX)
		return err_set(e, ERR_INVALID, "hostname: more than %d bytes", HOSTNAME_MAX);
	for (;;) {
		size_t len = strcspn(name, ".");

		if (check_label(name, len, e) < 0)
			return -1;
		if (!name[len])
			return 0;
		name += len + 1;
	}
}
