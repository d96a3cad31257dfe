// SPDX-License-Identifier: Apache-2.0
/* Paths as a person types them: hostd has another current folder than we have. */
#include "path.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Takes the last part off; "/" becomes "". */
static void drop_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

/* By text alone: a symbolic link before ".." is not followed. */
static int normal(const char *path, char out[static PATH_MAX])
{
	size_t len;

	out[0] = '\0';
	while (*path) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 2 && !strncmp(path, "..", 2)) {
			drop_last(out);
		} else if (len > 0 && !(len == 1 && *path == '.')) {
			if (strlen(out) + len + 2 > PATH_MAX)
				return -1;
			strcat(out, "/");
			strncat(out, path, len);
		}
		path += len;
	}
	if (!out[0])
		strcpy(out, "/");
	return 0;
}

int path_absolute(json_t *params, const char *key, struct err *e)
{
	const char *path = json_string_value(json_object_get(params, key));
	char full[2 * PATH_MAX], out[PATH_MAX];
	char cwd[PATH_MAX] = "";

	if (!path)
		return 0;
	if (path[0] != '/' && !getcwd(cwd, sizeof(cwd)))
		return err_sys(e, errno, "the current folder");
	if (snprintf(full, sizeof(full), "%s/%s", cwd, path) >= (int)sizeof(full) ||
	    normal(full, out) < 0)
		return err_set(e, ERR_INVALID, "%.64s...: path too long", path);
	json_object_set_new(params, key, json_string(out));
	return 0;
}

int path_or_url(json_t *params, struct err *e)
{
	json_t *source = json_object_get(params, "source");
	const char *text = json_string_value(source);
	bool url = text && (!strncmp(text, "http://", 7) || !strncmp(text, "https://", 8));

	json_object_set(params, url ? "url" : "path", source);
	json_object_del(params, "source");
	return url ? 0 : path_absolute(params, "path", e);
}

/* Takes one address off the list and appends it, absolute, to the others. */
static int append_depot(json_t *one, const char *address, char *out, size_t size, struct err *e)
{
	size_t used = strlen(out);

	json_object_set_new(one, "source", json_string(address));
	if (path_or_url(one, e) < 0)
		return -1;
	address = json_string_value(json_object_get(one, "url"))
			  ?: json_string_value(json_object_get(one, "path"));
	if (snprintf(out + used, size - used, "%s%s", used ? "," : "", address) >=
	    (int)(size - used))
		return err_set(e, ERR_INVALID, "option --depot: too long");
	return 0;
}

int depot_paths(json_t *params, struct err *e)
{
	const char *list = json_string_value(json_object_get(params, "depot"));
	char out[2 * PATH_MAX] = "", address[PATH_MAX];
	int rc = 0;

	if (!list)
		return 0;
	while (*list && rc == 0) {
		size_t len = strcspn(list, ",");
		json_t *one = json_object();

		snprintf(address, sizeof(address), "%.*s", (int)len, list);
		list += len + (list[len] == ',');
		rc = append_depot(one, address, out, sizeof(out), e);
		json_decref(one);
	}
	if (rc == 0)
		json_object_set_new(params, "depot", json_string(out));
	return rc;
}
