// SPDX-License-Identifier: Apache-2.0
/* system.setting: a table of numbers with names, and how each is read and changed. */
#include "setting.h"

#include <inttypes.h>
#include <string.h>

#include "cleanup.h"
#include "setting_access.h"
#include "userworld/core/account/access.h"
#include "userworld/core/internal.h"

static const struct setting settings[] = {
	{ SETTING_SPARE, 1, 0, 2,
	  "Keep the running image in memory, to rebuild a lost boot medium: 0 never, 1 on hosts "
	  "with enough memory, 2 always; from the next look at the medium on",
	  setting_spare_get, setting_spare_set },
	{ "/Security/AccountLockFailures", 5, 0, LOCK_FAILURES_MAX,
	  "Failed logins in a row after which a user is locked out, 0: never",
	  setting_lock_failures_get, setting_lock_failures_set },
	{ "/Security/AccountUnlockTime", 900, 1, LOCK_SECONDS_MAX,
	  "Seconds for which such a user is locked out", setting_lock_seconds_get,
	  setting_lock_seconds_set },
	{ "/Security/PasswordCharacterClasses", 1, 1, 4,
	  "Of lower case, upper case, digits and other characters a new password has so many",
	  setting_password_classes_get, setting_password_classes_set },
	{ "/Security/PasswordMinLength", PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MIN,
	  PASSWORD_LENGTH_MAX, "Characters that a new password has at least",
	  setting_password_length_get, setting_password_length_set },
	{ "/User/execInstalledOnly", 0, 0, 1,
	  "Execute unchanged files of tardisks only; holds until the host restarts",
	  setting_exec_get, setting_exec_set },
	{ "/UserVars/DcuiTimeOut", SETTING_CONSOLE_IDLE, 0, SETTING_MAX,
	  "Seconds without a key after which a session at the host's console ends, 0: never",
	  setting_console_idle_get, setting_console_idle_set },
	{ "/UserVars/ESXiShellTimeOut", 0, 0, SETTING_MAX,
	  "Seconds after which the services shell and ssh are stopped, 0: never",
	  setting_shell_timeout_get, setting_shell_timeout_set },
	{ "/UserVars/ESXiShellInteractiveTimeOut", 0, 0, SETTING_MAX,
	  "Seconds without a key after which a session of the shell ends, 0: never; for new "
	  "sessions",
	  setting_shell_idle_get, setting_shell_idle_set },
	{ "/UserVars/HostClientSessionTimeout", 900, 0, SESSION_IDLE_MAX,
	  "Seconds without a request after which a session of the API ends, 0: only after 12 hours",
	  setting_session_idle_get, setting_session_idle_set },
};

#define COUNT (sizeof(settings) / sizeof(settings[0]))

static const struct setting_text {
	const char *option;
	size_t max; /* bytes */
	const char *description;
	int (*get)(char **value, struct err *e);
	int (*set)(const char *value, struct err *e);
} texts[] = {
	{ "/Annotations/WelcomeMessage", WELCOME_FILE_MAX,
	  "What the home screen of the console says below the product's name, with variables such "
	  "as {hostname}; empty: what it says by itself",
	  setting_welcome_get, setting_welcome_set },
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static const struct setting_text *find_text(const char *option)
{
	for (size_t i = 0; i < TEXTS; i++)
		if (!strcmp(texts[i].option, option))
			return &texts[i];
	return NULL;
}

static const struct setting *find(const char *option, struct err *e)
{
	for (size_t i = 0; i < COUNT; i++)
		if (!strcmp(settings[i].option, option))
			return &settings[i];
	err_set(e, ERR_NOT_FOUND, "%s: no such setting; 'system settings advanced list' has all",
		option);
	return NULL;
}

static int append(json_t *rows, const struct setting *s, struct err *e)
{
	uint64_t value;

	if (s->get(&value, e) < 0)
		return -1;
	if (json_array_append_new(
		    rows, json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:s}", "option", s->option,
				    "type", "integer", "value", (json_int_t)value, "default",
				    (json_int_t)s->standard, "min", (json_int_t)s->min, "max",
				    (json_int_t)s->max, "description", s->description)) < 0)
		return core_nomem(e);
	return 0;
}

static int append_text(json_t *rows, const struct setting_text *t, struct err *e)
{
	_cleanup_free_ char *value = NULL;

	if (t->get(&value, e) < 0)
		return -1;
	/* The numbers are there for whoever reads all settings as numbers, as ESXi has them. */
	if (json_array_append_new(rows, json_pack("{s:s, s:s, s:i, s:i, s:i, s:I, s:s, s:s, s:s}",
						  "option", t->option, "type", "string", "value", 0,
						  "default", 0, "min", 0, "max", (json_int_t)t->max,
						  "string_value", value, "default_string", "",
						  "description", t->description)) < 0)
		return err_set(e, ERR_INVALID, "%s: is not UTF-8", t->option);
	return 0;
}

static int setting_list(json_t *params, json_t **result, struct err *e)
{
	const char *option = core_string(params, "option");
	const struct setting_text *text = option ? find_text(option) : NULL;
	const struct setting *only = option && !text ? find(option, e) : NULL;
	json_t *rows;

	if (option && !only && !text)
		return -1;
	rows = json_array();
	for (size_t i = 0; i < TEXTS; i++) {
		if (option && text != &texts[i])
			continue;
		if (append_text(rows, &texts[i], e) < 0) {
			json_decref(rows);
			return -1;
		}
	}
	for (size_t i = 0; i < COUNT; i++) {
		if (option && only != &settings[i])
			continue;
		if (append(rows, &settings[i], e) < 0) {
			json_decref(rows);
			return -1;
		}
	}
	return core_give(result, rows, e);
}

static int set_text(const struct setting_text *t, const char *value, struct err *e)
{
	if (!value)
		return err_set(e, ERR_USAGE, "string: %s is a text, which must be given",
			       t->option);
	return t->set(value, e);
}

static int setting_set(json_t *params, json_t **result, struct err *e)
{
	const char *option = core_string(params, "option"), *text = core_string(params, "string");
	json_int_t value = core_integer(params, "value", 0);
	const struct setting *s;

	(void)result;
	if (find_text(option))
		return set_text(find_text(option), text, e);
	s = find(option, e);
	if (!s)
		return -1;
	if (text || !json_object_get(params, "value"))
		return err_set(e, ERR_USAGE, "value: %s is a number, which must be given",
			       s->option);
	if ((uint64_t)value < s->min || (uint64_t)value > s->max)
		return err_set(e, ERR_INVALID, "%s: must be %" PRIu64 " to %" PRIu64, s->option,
			       s->min, s->max);
	return s->set((uint64_t)value, e) < 0 ? err_wrap(e, "%s", s->option) : 0;
}

static const struct core_param list_params[] = {
	{ "option", CORE_PATH, .among = "system.setting.list option", .help = "Only this setting" },
	{ 0 },
};

static const struct core_param set_params[] = {
	{ "option", CORE_PATH, .required = true, .among = "system.setting.list option",
	  .help = "Which setting" },
	{ "value", CORE_INT, .min = 0, .max = SETTING_MAX, .help = "Its new value, of a number" },
	{ "string", CORE_TEXT, .max = WELCOME_FILE_MAX, .help = "Its new value, of a text" },
	{ 0 },
};

const struct core_op core_setting_ops[] = {
	{
		.name = "system.setting.list",
		.method = "GET",
		.path = "/system/settings",
		.params = list_params,
		.run = setting_list,
		.help = "Settings that are a number or a text",
	},
	{
		.name = "system.setting.set",
		.method = "PUT",
		.path = "/system/settings",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = setting_set,
		.help = "Changes one, at once; each says for how long",
	},
	{ 0 },
};
