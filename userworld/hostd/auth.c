// SPDX-License-Identifier: Apache-2.0
/* Who makes a request. */
#include "auth.h"

#include <event2/bufferevent.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "log.h"
#include "root.h"
#include "userworld/core/core.h"

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

void auth_refresh(struct hostd *h)
{
	char path[ROOT_PATH_MAX];
	struct stat st;

	if (stat(root_path(path, "/etc/shadow"), &st) == 0)
		session_stamp(&h->sessions,
			      st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec);
}

static bool is_local_root(struct evhttp_request *request)
{
	struct evhttp_connection *http = evhttp_request_get_connection(request);
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t size = sizeof(peer);
	evutil_socket_t fd = bufferevent_getfd(evhttp_connection_get_bufferevent(http));
	int domain = 0;
	socklen_t domain_size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &domain_size) == 0 &&
	       domain == AF_UNIX && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       peer.uid == 0;
}

static const char *header(struct evhttp_request *request, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(request), name);
}

static bool use_token(struct hostd *h, const char *token, size_t len, struct auth *a)
{
	const char *user;

	if (len != SESSION_TOKEN)
		return false;
	memcpy(a->token, token, len);
	a->token[len] = '\0';
	user = session_find(&h->sessions, a->token, now());
	if (user)
		snprintf(a->user, sizeof(a->user), "%s", user);
	else
		a->token[0] = '\0';
	return user != NULL;
}

static bool use_cookie(struct hostd *h, const char *cookies, struct auth *a)
{
	size_t len = strlen(AUTH_COOKIE);

	while (cookies && *cookies) {
		cookies += strspn(cookies, "; ");
		if (!strncmp(cookies, AUTH_COOKIE, len) && cookies[len] == '=') {
			cookies += len + 1;
			a->cookie = use_token(h, cookies, strcspn(cookies, "; "), a);
			return a->cookie;
		}
		cookies += strcspn(cookies, ";");
	}
	return false;
}

/* "USER:PASSWORD" in base64. */
static bool split_basic(const char *coded, struct auth *a)
{
	unsigned char plain[SESSION_USER + AUTH_PASSWORD_MAX + 8];
	size_t coded_len = strlen(coded);
	char *colon;
	int len;

	if (coded_len == 0 || coded_len % 4 || coded_len / 4 * 3 >= sizeof(plain))
		return false;
	len = EVP_DecodeBlock(plain, (const unsigned char *)coded, (int)coded_len);
	if (len < 0)
		return false;
	plain[len] = '\0'; /* padding has been decoded to NULs */
	colon = strchr((char *)plain, ':');
	if (!colon || colon == (char *)plain || colon - (char *)plain > SESSION_USER ||
	    strlen(colon + 1) > AUTH_PASSWORD_MAX)
		return false;
	*colon = '\0';
	strcpy(a->user, (char *)plain);
	strcpy(a->password, colon + 1);
	explicit_bzero(plain, sizeof(plain));
	return true;
}

/* Nobody can find the password from this token without the key, which no one is told. */
static void basic_token(struct hostd *h, const struct auth *a, char out[static SESSION_TOKEN + 1])
{
	char both[SESSION_USER + AUTH_PASSWORD_MAX + 2];
	unsigned char digest[EVP_MAX_MD_SIZE];
	int len = snprintf(both, sizeof(both), "%s:%s", a->user, a->password);

	HMAC(EVP_sha256(), h->key, sizeof(h->key), (unsigned char *)both, (size_t)len, digest,
	     NULL);
	explicit_bzero(both, sizeof(both));
	hex(digest, out);
}

static enum auth_result use_basic(struct hostd *h, const char *coded, struct auth *a)
{
	char token[SESSION_TOKEN + 1];

	if (!split_basic(coded, a))
		return AUTH_NONE;
	basic_token(h, a, token);
	if (!session_find(&h->sessions, token, now()))
		return AUTH_VERIFY;
	explicit_bzero(a->password, sizeof(a->password));
	return AUTH_OK;
}

enum auth_result auth_request(struct hostd *h, struct evhttp_request *request, struct auth *a)
{
	const char *given = header(request, "Authorization");

	memset(a, 0, sizeof(*a));
	auth_refresh(h);
	if (is_local_root(request)) {
		strcpy(a->user, "root");
		a->local = true;
		return AUTH_OK;
	}
	if (given && !strncasecmp(given, "Bearer ", 7))
		return use_token(h, given + 7, strlen(given + 7), a) ? AUTH_OK : AUTH_NONE;
	if (given && !strncasecmp(given, "Basic ", 6))
		return use_basic(h, given + 6, a);
	return use_cookie(h, header(request, "Cookie"), a) ? AUTH_OK : AUTH_NONE;
}

bool auth_same_origin(struct evhttp_request *request, const struct auth *a)
{
	const char *origin = header(request, "Origin");
	const char *host = header(request, "Host");

	if (!a->cookie || !origin)
		return true;
	return host && !strncmp(origin, "https://", 8) && !strcasecmp(origin + 8, host);
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

void auth_open(struct hostd *h, const char *user, char out[static SESSION_TOKEN + 1])
{
	unsigned char bytes[SESSION_TOKEN / 2];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		log_fatalx("no random numbers");
	hex(bytes, out);
	session_add(&h->sessions, out, user, now());
}

void auth_remember(struct hostd *h, const struct auth *a)
{
	char token[SESSION_TOKEN + 1];

	basic_token(h, a, token);
	session_add(&h->sessions, token, a->user, now());
}
