// SPDX-License-Identifier: Apache-2.0
/* system.certificate.*: the host's own certificate, by which clients know it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "host_files.h"
#include "pem.h"
#include "userworld/core/event.h"
#include "userworld/core/fetch/thumbprint.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"

#define LOCK "/run/visoros/certificate.lock"

static int read_host(struct pem *p, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, HOST_CERTIFICATE) < 0 ||
	    file_read(path, PEM_TEXT_MAX, &text, NULL, e) < 0)
		return -1;
	return pem_read(text, p, e) < 0 ? err_wrap(e, "%s", path) : 0;
}

static int certificate_get(json_t *params, json_t **result, struct err *e)
{
	struct pem p;
	int rc;

	(void)params;
	if (read_host(&p, e) < 0)
		return -1;
	rc = core_give(result, pem_describe(p.chain[0]), e);
	pem_free(&p);
	return rc;
}

static int write_file(const char *file, char *text, struct err *e)
{
	char path[CORE_PATH_MAX];
	int rc = -1;

	if (!text)
		return core_nomem(e);
	/* Sticky: visorfs keeps the file as state. */
	if (core_path(path, e, CORE_ROOT, "%s", file) == 0)
		rc = file_write_atomic(path, text, strlen(text), 01600, e);
	explicit_bzero(text, strlen(text));
	free(text);
	return rc;
}

static int keep(const struct pem *p, struct err *e)
{
	_cleanup_close_ int lock = core_lock(LOCK, e);
	char path[CORE_PATH_MAX];

	if (lock < 0 || core_path(path, e, CORE_ROOT, HOST_CERTIFICATE_DIR) < 0 ||
	    file_make_dirs(path, e) < 0)
		return -1;
	/* The certificate last: who waits for a new one then has its key. */
	if (write_file(HOST_KEY, pem_key_text(p), e) < 0 ||
	    write_file(HOST_CERTIFICATE, pem_chain_text(p), e) < 0)
		return -1;
	return 0;
}

static void tell(X509 *certificate)
{
	char thumbprint[THUMBPRINT] = "";

	thumbprint_of(certificate, thumbprint);
	core_event(EVENT_SECURITY_CERTIFICATE, EVENT_WITH(EVENT_STR("thumbprint", thumbprint)),
		   "The host has another certificate: %s", thumbprint);
}

/* What is there stays until the new one is known to be good. */
static int certificate_set(json_t *params, json_t **result, struct err *e)
{
	struct pem p;
	int rc;

	if (pem_read(core_string(params, "pem"), &p, e) < 0)
		return -1;
	rc = pem_check_server(&p, time(NULL), e);
	if (rc == 0)
		rc = keep(&p, e);
	if (rc == 0)
		rc = core_give(result, pem_describe(p.chain[0]), e);
	if (rc == 0)
		tell(p.chain[0]);
	pem_free(&p);
	return rc;
}

static int forget(const char *file, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	if (unlink(path) < 0 && errno != ENOENT)
		return err_sys(e, errno, "%s", path);
	return 0;
}

/* hostd makes others when it finds none. */
static int certificate_reset(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = core_lock(LOCK, e);

	(void)params, (void)result;
	if (lock < 0 || forget(HOST_KEY, e) < 0 || forget(HOST_CERTIFICATE, e) < 0)
		return -1;
	core_event(EVENT_SECURITY_CERTIFICATE, EVENT_WITH(EVENT_STR("thumbprint", "")),
		   "The host makes a certificate of its own again");
	return 0;
}

static const struct core_param set_params[] = {
	{ "pem", CORE_TEXT, .required = true, .secret = true, .min = 1, .max = PEM_TEXT_MAX,
	  .help = "Certificate, those that issued it, and its key without passphrase, as PEM" },
	{ 0 },
};

const struct core_op core_certificate_ops[] = {
	{
		.name = "system.certificate.get",
		.method = "GET",
		.path = "/system/certificate",
		.run = certificate_get,
		.help = "The certificate by which clients know the host",
	},
	{
		.name = "system.certificate.set",
		.method = "PUT",
		.path = "/system/certificate",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = certificate_set,
		.help = "Gives the host another certificate and key",
	},
	{
		.name = "system.certificate.reset",
		.method = "DELETE",
		.path = "/system/certificate",
		.privilege = CORE_CHANGE,
		.run = certificate_reset,
		.help = "Has the host make a key and a self-signed certificate of its own again",
	},
	{ 0 },
};
