// SPDX-License-Identifier: Apache-2.0
/* Answers as the state files of the host that will start from the new medium. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "answers.h"
#include "first_state.h"
#include "cleanup.h"
#include "conf_edit.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/network/ntp_conf.h"
#include "userworld/core/syslog/syslog.h"
#include "userworld/core/account/shadow.h"
#include "userworld/state/snapshot.h"

#define SHADOW_MAX 65536

/* Takes over data, which may be NULL: out of memory. */
static int add(struct state_snapshot *s, const char *path, mode_t mode, char *data, struct err *e)
{
	struct state_file f = { .path = strdup(path),
				.mode = mode,
				.mtime = (int64_t)time(NULL),
				.data = data,
				.size = data ? strlen(data) : 0 };

	if (!f.path || !f.data) {
		state_file_clear(&f);
		return core_nomem(e);
	}
	return state_snapshot_add(s, &f, e);
}

static int add_hostname(struct state_snapshot *s, const struct install_answers *a, struct err *e)
{
	char *text;

	return add(s, "/etc/hostname", 01644,
		   asprintf(&text, "%s\n", a->hostname) < 0 ? NULL : text, e);
}

static int add_password(struct state_snapshot *s, const struct install_answers *a, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	char *changed = NULL;

	if (core_path(path, e, CORE_ROOT, "/etc/shadow") < 0 ||
	    file_read(path, SHADOW_MAX, &text, NULL, e) < 0 ||
	    shadow_replace(text, "root", a->password, (long)(time(NULL) / 86400), &changed, e) < 0)
		return -1;
	return add(s, "/etc/shadow", 01600, changed, e);
}

static int add_keys(struct state_snapshot *s, const struct install_answers *a, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return core_nomem(e);
	for (size_t i = 0; i < a->n_keys; i++)
		fprintf(f, "%s\n", a->keys[i]);
	if (fclose(f) != 0)
		return core_nomem(e);
	return add(s, "/root/.ssh/authorized_keys", 01600, TAKE_PTR(text), e);
}

static int add_network(struct state_snapshot *s, const struct install_answers *a, struct err *e)
{
	char *text;

	if (asprintf(&text, "address = %s\n%s%s%s%s%s%s", a->address,
		     a->gateway ? "gateway = " : "", a->gateway ? a->gateway : "",
		     a->gateway ? "\n" : "", a->dns ? "dns = " : "", a->dns ? a->dns : "",
		     a->dns ? "\n" : "") < 0)
		text = NULL;
	return add(s, "/etc/network.conf", 01644, text, e);
}

/* A config file as this host has it, with one key changed. */
static int add_conf(struct state_snapshot *s, const char *file, const char *key, const char *value,
		    struct err *e)
{
	_cleanup_free_ char *old = NULL;
	char path[CORE_PATH_MAX];

	if (core_text(path, CORE_ROOT, file, CONF_FILE_MAX, &old, e) < 0)
		return -1;
	return add(s, file, 01644, conf_edit(old, key, value), e);
}

int boot_answers_files(const struct install_answers *a, struct state_snapshot *s, struct err *e)
{
	if ((a->hostname && add_hostname(s, a, e) < 0) ||
	    (a->password && add_password(s, a, e) < 0) || (a->n_keys && add_keys(s, a, e) < 0))
		return -1;
	if ((a->ntp && add_conf(s, NTP_CONF, "servers", a->ntp, e) < 0) ||
	    (a->syslog && add_conf(s, SETTINGS_FILE, "remote.hosts", a->syslog, e) < 0))
		return -1;
	return a->address ? add_network(s, a, e) : 0;
}

int boot_answers_state(const struct install_answers *a, const char *build, struct blkio *part,
		       struct err *e)
{
	struct state_snapshot s = { 0 };
	int rc = boot_answers_files(a, &s, e);

	if (rc == 0 && s.count)
		rc = boot_first_state(&s, build, "answers of the install", part, e);
	state_snapshot_free(&s);
	return rc;
}
