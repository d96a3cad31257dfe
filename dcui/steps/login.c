// SPDX-License-Identifier: Apache-2.0
/* Log in: with the password, or without one as long as root has none. */
#include "dcui/steps/steps.h"
#include "dcui/ui.h"

#include "log.h"

#include <stdio.h>
#include <string.h>

static json_t *login_user(const struct model *m)
{
	return step_named("user", m->login.user.value);
}

static json_t *login_credentials(const struct model *m)
{
	return step_credentials(m->login.user.value, &m->login.password);
}

static enum step let_in(struct model *m)
{
	snprintf(m->user, sizeof(m->user), "%s", m->login.user.value);
	m->logged_in = true;
	log_info("user %s: log in: ok", m->user);
	ui_replace(m, m->login.then);
	return STEP_END;
}

static enum step login_is_set(struct model *m, const json_t *result, const struct err *e)
{
	bool unset = !e && json_is_false(json_object_get(result, "is_set"));

	if (unset && !strcmp(m->login.user.value, "root") && !m->login.password.value[0])
		return let_in(m);
	return STEP_LOGIN_VERIFY; /* whether there is such a user is not to be told apart */
}

static enum step login_verified(struct model *m, const json_t *result, const struct err *e)
{
	(void)result;
	if (!e)
		return let_in(m);
	log_warnx("user %s: log in: %s", m->login.user.value, e->text);
	ui_sentence(m->login.message, sizeof(m->login.message), e->text);
	field_wipe(&m->login.password);
	m->login.focus = 1;
	return STEP_END;
}

const struct step_rule step_login_is_set = { "account.password.is_set", login_user, login_is_set,
					     0 };
const struct step_rule step_login_verify = { "account.verify", login_credentials, login_verified,
					     0 };
