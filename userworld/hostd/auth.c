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

void auth_refresh(struct executor *x)
{
	char path[ROOT_PATH_MAX];
	struct stat st;

	if (stat(root_path(path, "/etc/shadow"), &st) == 0)
		session_stamp(&x->sessions,
			      st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec);
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
	return true;
}

enum auth_result auth_find(struct executor *x, const struct ask *ask, struct auth *a)
{
	const struct proof *p = &ask->proof;
	char token[SESSION_TOKEN + 1];

	memset(a, 0, sizeof(*a));
	auth_refresh(x);
	if (ask->local) {
		strcpy(a->user, "root");
		a->local = true;
		return AUTH_OK;
	}
	switch (p->kind) {
	case PROOF_TOKEN:
		if (strlen(p->secret) != SESSION_TOKEN || !find_session(x, p->secret, a))
			return AUTH_NONE;
		strcpy(a->token, p->secret);
		return AUTH_OK;
	case PROOF_PASSWORD:
		snprintf(a->user, sizeof(a->user), "%s", p->user);
		password_token(x, p, token);
		return find_session(x, token, a) ? AUTH_OK : AUTH_VERIFY;
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

void auth_open(struct executor *x, const char *user, char out[static SESSION_TOKEN + 1])
{
	unsigned char bytes[SESSION_TOKEN / 2];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		log_fatalx("no random numbers");
	hex(bytes, out);
	session_add(&x->sessions, out, user, now());
}

void auth_remember(struct executor *x, const struct proof *p)
{
	char token[SESSION_TOKEN + 1];

	password_token(x, p, token);
	session_add(&x->sessions, token, p->user, now());
}
