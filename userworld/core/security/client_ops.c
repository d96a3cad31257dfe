// SPDX-License-Identifier: Apache-2.0
/* system.certificate.client.*: certificates by which clients log in. */
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "clients.h"
#include "pem.h"
#include "userworld/core/account/account.h"
#include "userworld/core/account/identity.h"
#include "userworld/core/account/store.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"

int account_by_certificate(X509 *certificate, STACK_OF(X509) * chain, struct identity *id,
			   struct err *e)
{
	json_t *all;
	int rc;

	memset(id, 0, sizeof(*id));
	if (accounts_read(&all, e) < 0)
		return -1;
	rc = client_find(all, certificate, chain, time(NULL), id->user, &id->role, e);
	if (rc == 0)
		strcpy(id->how, "certificate");
	json_decref(all);
	return rc;
}

static json_t *row(const char *name, const json_t *entry)
{
	const char *user = json_string_value(json_object_get(entry, "user"));
	const char *text = json_string_value(json_object_get(entry, "pem"));
	json_t *shown = json_object();
	struct pem p;

	if (text && pem_read(text, &p, NULL) == 0) {
		json_object_update_new(shown, pem_describe(p.chain[0]));
		pem_free(&p);
	}
	json_object_set_new(shown, "name", json_string(name));
	json_object_set_new(shown, "user", json_string(user ? user : ""));
	json_object_set_new(shown, "kind", json_string(user ? "pinned" : "authority"));
	return shown;
}

static int client_list(json_t *params, json_t **result, struct err *e)
{
	json_t *all, *list, *entry;
	const char *name;

	(void)params;
	if (accounts_read(&all, e) < 0)
		return -1;
	list = json_array();
	json_object_foreach (json_object_get(all, "certificates"), name, entry)
		json_array_append_new(list, row(name, entry));
	json_decref(all);
	return core_give(result, list, e);
}

static void tell(const char *name, const char *what)
{
	char action[96];

	snprintf(action, sizeof(action), "certificate %s %s", name, what);
	core_event(EVENT_AUTH_ACCOUNT,
		   EVENT_WITH(EVENT_STR("account", ""), EVENT_STR("action", action)),
		   "Logins of clients: %s", action);
}

static int client_add_op(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	(void)result;
	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1
		      : client_add(all, name, core_string(params, "pem"),
				   core_string(params, "user"), time(NULL), e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	if (rc == 0)
		tell(name, "added");
	return rc;
}

static int client_remove(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	_cleanup_close_ int lock = -1;
	json_t *all = NULL;
	int rc;

	(void)result;
	lock = accounts_open(&all, e);
	rc = lock < 0 ? -1 : accounts_drop(all, "certificates", name, "certificate", e);
	if (rc == 0)
		rc = accounts_save(all, e);
	json_decref(all);
	if (rc == 0)
		tell(name, "removed");
	return rc;
}

static const struct core_param add_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 64,
	  .help = "What the certificate is called here" },
	{ "pem", CORE_TEXT, .required = true, .secret = true, .min = 1, .max = PEM_TEXT_MAX,
	  .help = "The certificate, as PEM" },
	{ "user", CORE_NAME, .min = 1, .max = 32, .among = "account.list user",
	  .otherwise = "an authority, whose certificates name their users",
	  .help = "Whose certificate it is" },
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
		.help = "A client's certificate, or the authority that issues them",
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
