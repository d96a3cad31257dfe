// SPDX-License-Identifier: Apache-2.0
/* Last use of certificates of clients. */
#include "client_use.h"

#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/account/accounts.h"
#include "userworld/core/internal.h"

json_t *client_use_read(void)
{
	char path[CORE_PATH_MAX];
	json_t *all = NULL;

	if (core_path(path, NULL, CORE_RUN, CLIENT_USE_FILE) == 0)
		all = json_load_file(path, 0, NULL);
	if (json_is_object(all) && json_object_size(all) <= ACCOUNTS_MAX)
		return all;
	json_decref(all);
	return json_object();
}

void client_use_note(const char *digest, time_t now)
{
	json_t *all = client_use_read();
	json_int_t last = json_integer_value(json_object_get(all, digest));
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (now < last || now >= last + CLIENT_USE_STEP) {
		json_object_set_new(all, digest, json_integer(now));
		text = json_dumps(all, JSON_COMPACT);
	}
	if (text && core_path(path, NULL, CORE_RUN, CLIENT_USE_FILE) == 0)
		file_write_atomic(path, text, strlen(text), 0600, NULL);
	json_decref(all);
}
