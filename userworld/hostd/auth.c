// SPDX-License-Identifier: Apache-2.0
/* Who is behind a proof. */
#include "auth.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "log.h"
#include "root.h"
#include "userworld/core/account/accounts.h"
#include "userworld/core/account/identity.h"

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

static void hex(const unsigned char *bytes, char out[static SESSION_TOKEN + 1])
{
	for (int i = 0; i < SESSION_TOKEN / 2; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static int64_t changed(const char *file)
{
	char path[ROOT_PATH_MAX];
	struct stat st;

	if (stat(root_path(path, file), &st) < 0)
		return 0;
	return st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec;
}

static int mark_of(const char *user, char mark[static SESSION_MARK + 1])
{
	_Static_assert(SESSION_MARK == IDENTITY_MARK, "a mark is a mark");
	return account_mark(user, mark, NULL);
}

void auth_refresh(struct executor *x)
{
	struct access rules;

	access_read(&rules, NULL);
	x->sessions.idle = rules.session_idle;
	/* Two times of two files: that their sum stays the same while they change is no worry. */
	session_stamp(&x->sessions, changed("/etc/shadow") + changed(ACCOUNTS_FILE), mark_of);
}

/* Nobody can find the password from this token without the key, which no one is told. */
static void password_token(struct executor *x, const struct proof *p,
			   char out[static SESSION_TOKEN + 1])
{
	char both[SESSION_USER + ASK_SECRET_MAX + 2];
	unsigned char digest[EVP_MAX_MD_SIZE];
	int len = snprintf(both, sizeof(both), "%s:%s", p->user, p->secret);

	HMAC(EVP_sha256(), x->key, sizeof(x->key), (unsigned char *)both, (size_t)len, digest,
	     NULL);
	explicit_bzero(both, sizeof(both));
	hex(digest, out);
}

static bool find_session(struct executor *x, const char *token, struct auth *a)
{
	const char *user = session_find(&x->sessions, token, now());

	if (!user)
		return false;
	snprintf(a->user, sizeof(a->user), "%s", user);
	a->role = account_role(a->user);
	return true;
}

/* A token of a session, or one that a program was given (core/account/token.h). */
static enum auth_result by_token(struct executor *x, const char *token, struct auth *a,
				 struct err *e)
{
	struct identity id;

	if (strlen(token) == SESSION_TOKEN && find_session(x, token, a)) {
		strcpy(a->token, token);
		return AUTH_OK;
	}
	if (strlen(token) == SESSION_TOKEN || account_by_token(token, &id, e) < 0)
		return AUTH_NONE;
	snprintf(a->user, sizeof(a->user), "%s", id.user);
	a->role = id.role;
	return AUTH_OK;
}

static enum auth_result by_certificate(const char *base64, struct auth *a, struct err *e)
{
	unsigned char der[ASK_DER_MAX + 3];
	struct identity id;
	size_t len = strlen(base64);
	int got = len <= ASK_CERTIFICATE_MAX
			  ? EVP_DecodeBlock(der, (const unsigned char *)base64, (int)len)
			  : -1;

	/* Padding has been decoded to NULs. */
	for (size_t i = 1; got > 0 && i <= 2 && base64[len - i] == '='; i++)
		got--;
	if (got <= 0) {
		err_set(e, ERR_AUTH, "what came as a certificate is none");
		return AUTH_NONE;
	}
	if (account_by_certificate(der, (size_t)got, &id, e) < 0)
		return AUTH_NONE;
	snprintf(a->user, sizeof(a->user), "%s", id.user);
	a->role = id.role;
	return AUTH_OK;
}

/* Lockdown mode ends what was begun before it. */
static enum auth_result may_enter(enum auth_result found, struct auth *a, struct err *e)
{
	struct identity id = { .role = a->role };

	if (found != AUTH_OK)
		return found;
	snprintf(id.user, sizeof(id.user), "%s", a->user);
	return account_may_enter(&id, "network", e) < 0 ? AUTH_NONE : AUTH_OK;
}

void auth_verified(struct auth *a, const json_t *result)
{
	const char *role = json_string_value(json_object_get(result, "role"));

	/* A development image lets root in without a look at anything. */
	a->role = role ? role_of(role) : account_role(a->user);
}

enum auth_result auth_find(struct executor *x, const struct ask *ask, struct auth *a, struct err *e)
{
	const struct proof *p = &ask->proof;
	char token[SESSION_TOKEN + 1];

	memset(a, 0, sizeof(*a));
	auth_refresh(x);
	if (ask->local) {
		strcpy(a->user, "root");
		a->local = true;
		a->role = CORE_ADMIN;
		return AUTH_OK;
	}
	switch (p->kind) {
	case PROOF_TOKEN:
		return may_enter(by_token(x, p->secret, a, e), a, e);
	case PROOF_CERTIFICATE:
		return may_enter(by_certificate(p->certificate, a, e), a, e);
	case PROOF_PASSWORD:
		snprintf(a->user, sizeof(a->user), "%s", p->user);
		password_token(x, p, token);
		return find_session(x, token, a) ? may_enter(AUTH_OK, a, e) : AUTH_VERIFY;
	default:
		return AUTH_NONE;
	}
}

int auth_password_is_set(const char *user, struct err *e)
{
	json_t *params = json_pack("{s:s}", "user", user);
	json_t *answer = NULL;
	int rc = core_call("account.password.is_set", params, &answer, e);

	if (rc == 0)
		rc = json_is_true(json_object_get(answer, "is_set"));
	json_decref(params);
	json_decref(answer);
	return rc;
}

json_t *auth_login_params(const struct executor *x, const struct proof *p, struct err *e)
{
	json_t *params = json_pack("{s:s, s:s, s:b}", "user", p->user, "password", p->secret,
				   "development", x->development);

	if (!params)
		err_set(e, ERR_AUTH, "user and password must be UTF-8");
	return params;
}

int auth_login_job(const char *op, json_t *params, json_t **result, struct err *e)
{
	const char *user = json_string_value(json_object_get(params, "user"));
	bool development = json_is_true(json_object_get(params, "development"));
	int rc;

	(void)op;
	rc = user && !strcmp(user, "root") ? auth_password_is_set(user, e) : 1;
	if (rc < 0)
		return -1;
	if (rc == 0 && development) {
		log_warnx("login of root without a password: this is a development image");
		*result = json_null();
		return 0;
	}
	if (rc == 0)
		return err_set(e, ERR_AUTH,
			       "no password is set: set one on the console of the host first");
	json_object_del(params, "development");
	json_object_set_new(params, "origin", json_string("network"));
	return core_call("account.verify", params, result, e);
}

static void remember(struct executor *x, const char *token, const char *user)
{
	char mark[SESSION_MARK + 1];

	/* Whoever is removed at this moment gets no session. */
	if (mark_of(user, mark) == 0)
		session_add(&x->sessions, token, user, mark, now());
}

void auth_open(struct executor *x, const char *user, char out[static SESSION_TOKEN + 1])
{
	unsigned char bytes[SESSION_TOKEN / 2];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		log_fatalx("no random numbers");
	hex(bytes, out);
	remember(x, out, user);
}

void auth_keep(struct executor *x, const struct auth *a)
{
	if (a->token[0])
		remember(x, a->token, a->user);
}

void auth_remember(struct executor *x, const struct proof *p)
{
	char token[SESSION_TOKEN + 1];

	password_token(x, p, token);
	remember(x, token, p->user);
}
