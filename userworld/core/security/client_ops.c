// SPDX-License-Identifier: Apache-2.0
/* system.certificate.client.*: certificates by which clients log in. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "client_use.h"
#include "clients.h"
#include "pem.h"
#include "userworld/core/account/account.h"
#include "userworld/core/account/identity.h"
#include "userworld/core/account/store.h"
#include "userworld/core/internal.h"
#include "utc.h"

#define PART "certificates"

int account_by_certificate(const void *der, size_t len, struct identity *id, struct err *e)
{
	char digest[CLIENT_DIGEST];
	time_t now = time(NULL);
	const char *user;
	json_t *all;
	int rc;

	memset(id, 0, sizeof(*id));
	if (client_digest(der, len, digest, e) < 0 || accounts_read(&all, e) < 0)
		return -1;
	rc = client_find(all, digest, now, &user, &id->role, e);
	if (rc == 0) {
		snprintf(id->user, sizeof(id->user), "%s", user);
		strcpy(id->how, "certificate");
		client_use_note(digest, now);
	}
	json_decref(all);
	return rc;
}

bool account_has_certificates(void)
{
	json_t *all;
	bool any;

	if (accounts_read(&all, NULL) < 0)
		return false;
	any = json_object_size(json_object_get(all, PART)) > 0;
	json_decref(all);
	return any;
}

static json_t *row(const json_t *all, const char *name, const json_t *entry, const json_t *use)
{
	const char *user = json_string_value(json_object_get(entry, "user"));
	const char *role = json_string_value(json_object_get(entry, "role"));
	const char *digest = json_string_value(json_object_get(entry, "sha256")) ?: "";
	time_t until = (time_t)json_integer_value(json_object_get(entry, "until"));
	time_t used = (time_t)json_integer_value(json_object_get(use, digest));
	char expires[UTC_MAX], last[UTC_MAX];

	if (!role && user)
		role = role_name(accounts_role(all, user));
	return json_pack("{s:s, s:s?, s:s?, s:O?, s:s, s:s, s:b, s:s?}", "name", name, "user", user,
			 "role", role, "subject", json_object_get(entry, "subject"), "sha256",
			 digest, "expires", utc_text(until, expires), "expired", until < time(NULL),
			 "last_use", used ? utc_text(used, last) : NULL);
}

static int client_list(json_t *params, json_t **result, struct err *e)
{
	json_t *all, *list, *entry, *use;
	const char *name;

	(void)params;
	if (accounts_read(&all, e) < 0)
		return -1;
	use = client_use_read();
	list = json_array();
	json_object_foreach (json_object_get(all, PART), name, entry)
		json_array_append_new(list, row(all, name, entry, use));
	json_decref(use);
	json_decref(all);
	return core_give(result, list, e);
}

static int client_add_op(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name"), *user = core_string(params, "user");
	const char *role = core_string(params, "role");
	enum core_role limit = CORE_NOBODY;
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	(void)result;
	if (role && role_parse(role, &limit, e) < 0)
		return -1;
	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1
		      : client_add(all, name, core_string(params, "pem"), user, limit, time(NULL),
				   e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	if (rc == 0)
		account_tell(user, "certificate %s added", name);
	return rc;
}

static int client_remove(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	char user[ACCOUNT_USER + 1];

	(void)result;
	if (accounts_revoke(PART, name, "certificate", user, e) < 0)
		return -1;
	account_tell(user, "certificate %s removed", name);
	return 0;
}

static const struct core_param add_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 64,
	  .help = "What the certificate is called here" },
	ACCOUNT_USER_PARAM,
	{ "pem", CORE_TEXT, .required = true, .secret = true, .min = 1, .max = PEM_TEXT_MAX,
	  .help = "The certificate alone, as PEM" },
	ACCOUNT_ROLE_PARAM(false),
	{ 0 },
};
static const struct core_param name_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 64,
	  .among = "system.certificate.client.list name",
	  .help = "What the certificate is called here" },
	{ 0 },
};

const struct core_op core_client_ops[] = {
	{
		.name = "system.certificate.client.list",
		.method = "GET",
		.path = "/system/certificate/clients",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.run = client_list,
		.help = "Certificates by which clients log in",
	},
	{
		.name = "system.certificate.client.add",
		.method = "POST",
		.path = "/system/certificate/clients",
		.privilege = CORE_CHANGE,
		.params = add_params,
		.run = client_add_op,
		.help = "Registers a certificate, by which its holder is a user of the host",
	},
	{
		.name = "system.certificate.client.remove",
		.method = "DELETE",
		.path = "/system/certificate/clients/{name}",
		.privilege = CORE_CHANGE,
		.params = name_params,
		.run = client_remove,
		.help = "Nobody logs in by that certificate any more",
	},
	{ 0 },
};
