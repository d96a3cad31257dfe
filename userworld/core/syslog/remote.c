// SPDX-License-Identifier: Apache-2.0
/* system.syslog.remote.list: what the forwarder says of its targets. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "syslog.h"
#include "userworld/core/utf8.h"

#define STATUS_PATH "/run/syslogfwd.status"
#define STATUS_MAX 16384

/* The text behind " key=" up to the next blank, cut out in place; "" if it is not there. */
static char *field(char *line, const char *key)
{
	char *p = strstr(line, key);

	return p ? p + strlen(key) : line + strlen(line);
}

static json_t *pack_target(char *line)
{
	char *target = field(line, "target="), *state = field(line, " state=");
	json_int_t sent = atoll(field(line, " sent=")), waiting = atoll(field(line, " waiting="));
	json_int_t dropped = atoll(field(line, " dropped="));
	char *why = field(line, " why=");

	target[strcspn(target, " ")] = '\0';
	state[strcspn(state, " ")] = '\0';
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "target", target, "state", state, "sent",
			 sent, "waiting", waiting, "dropped", dropped, "reason", why);
}

int syslog_remote_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX], *save, *line;
	struct err fault = ERR_INIT;
	json_t *rows;
	size_t len;

	(void)params;
	if (core_path(path, e, CORE_ROOT, STATUS_PATH) < 0)
		return -1;
	rows = json_array();
	if (file_read(path, STATUS_MAX, &text, &len, &fault) < 0)
		return core_give(result, rows, e);
	utf8_repair(text, len);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, "target=", 7) &&
		    json_array_append_new(rows, pack_target(line)) < 0) {
			json_decref(rows);
			return core_nomem(e);
		}
	return core_give(result, rows, e);
}
