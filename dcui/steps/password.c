// SPDX-License-Identifier: Apache-2.0
/* Change the password: prove the old one, or that there is none; set the new one. */
#include "dcui/steps/steps.h"
#include "dcui/ui.h"

#include "log.h"

static json_t *own_name(const struct model *m)
{
	return step_named("user", m->user);
}

static json_t *old_credentials(const struct model *m)
{
	return step_credentials(m->user, &m->password.field[0]);
}

static json_t *new_credentials(const struct model *m)
{
	return step_credentials(m->user, &m->password.field[1]);
}

static enum step password_refused(struct model *m, int field, const char *text)
{
	log_warnx("user %s: change password: %s", m->user, text);
	ui_sentence(m->password.message, sizeof(m->password.message), text);
	field_wipe(&m->password.field[field]);
	m->password.focus = field;
	return STEP_END;
}

static enum step password_is_set(struct model *m, const json_t *result, const struct err *e)
{
	if (e)
		return password_refused(m, 0, e->text);
	return json_is_false(json_object_get(result, "is_set")) ? STEP_PASSWORD_SET
								: STEP_PASSWORD_VERIFY;
}

static enum step password_verified(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	if (!e)
		return STEP_PASSWORD_SET;
	return password_refused(m, 0,
				e->kind == ERR_AUTH && !m->password.field[0].value[0]
					? "Give the old password."
					: e->text);
}

static enum step password_changed(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	if (e)
		return password_refused(m, 1, e->text);
	step_note(m, NULL, "change password");
	ui_result(m, true, "Configure Password");
	ui_result_line(m, true, "The password of %s has been changed.", m->user);
	return STEP_END;
}

const struct step_rule step_password_is_set = { "account.password.is_set", own_name,
						password_is_set, 0 };
const struct step_rule step_password_verify = { "account.verify", old_credentials,
						password_verified, 0 };
const struct step_rule step_password_set = { "account.password.set", new_credentials,
					     password_changed, 0 };
