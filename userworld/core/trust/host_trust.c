// SPDX-License-Identifier: Apache-2.0
#include "host_trust.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "conf.h"
#include "file.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "log.h"

/* A list that is older than the one at hand, or that is not there, changes nothing. */
static int load_list(struct trust *t, const char *where, struct err *e)
{
	_cleanup_free_ char *data = NULL;
	struct err fault = ERR_INIT;
	char path[CORE_PATH_MAX];
	size_t len;

	if (core_path(path, e, CORE_ROOT, "%s", where) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (file_read(path, REVOCATION_MAX, &data, &len, e) < 0)
		return -1;
	if (trust_revoke(t, data, len, &fault) >= 0 || fault.kind == ERR_CONFLICT)
		return 0;
	if (e)
		*e = fault;
	return err_wrap(e, "%s", path);
}

static int load_all(struct trust *t, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, TRUST_HOST_ROOTS) < 0 ||
	    trust_add_roots(t, TRUST_COMMUNITY, path, e) < 0)
		return -1;
	return load_list(t, TRUST_IMAGE_LIST, e) < 0 ? -1 : load_list(t, TRUST_HOST_LIST, e);
}

int host_trust_load(struct trust **t, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, TRUST_IMAGE) < 0 || trust_load(t, path, e) < 0)
		return -1;
	if (load_all(*t, e) == 0)
		return 0;
	trust_free(*t);
	*t = NULL;
	return -1;
}

/* The sticky bit makes it state, which is kept over a restart. */
static int write_state(const char *where, const void *data, size_t len, struct err *e)
{
	char path[CORE_PATH_MAX], *slash;

	if (core_path(path, e, CORE_ROOT, "%s", where) < 0)
		return -1;
	slash = strrchr(path, '/');
	*slash = '\0';
	if (file_make_dirs(path, e) < 0)
		return -1;
	*slash = '/';
	return file_write_atomic(path, data, len, 01644, e);
}

int host_trust_store_list(const void *data, size_t len, struct err *e)
{
	return write_state(TRUST_HOST_LIST, data, len, e);
}

static int take_level(const struct conf *c, const char *key, enum trust_level *level, struct err *e)
{
	const char *text = conf_get(c, key);

	if (text && trust_level_parse(text, level, e) < 0)
		return err_wrap(e, "%s: %s", c->name, key);
	return 0;
}

/* An image without a policy is a strict one. */
static int image_policy(enum trust_level *gate, enum trust_level *lowest, struct err *e)
{
	static const char *const known[] = { "level", "lowest", NULL };
	_cleanup_(conf_free) struct conf c = { 0 };
	char path[CORE_PATH_MAX];

	*gate = TRUST_PARTNER;
	*lowest = TRUST_COMMUNITY;
	if (core_path(path, e, CORE_ROOT, TRUST_IMAGE_POLICY) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (conf_read(&c, path, e) < 0 || conf_check_keys(&c, known, e) < 0 ||
	    take_level(&c, "level", gate, e) < 0)
		return -1;
	return take_level(&c, "lowest", lowest, e);
}

int host_gate_get(enum trust_level *gate, enum trust_level *lowest, struct err *e)
{
	char path[CORE_PATH_MAX], text[64];
	enum trust_level chosen;

	if (image_policy(gate, lowest, e) < 0 ||
	    core_path(path, e, CORE_ROOT, TRUST_HOST_LEVEL) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (file_read_at(AT_FDCWD, path, text, sizeof(text), e) < 0)
		return -1;
	/* A file that nobody can make sense of must not open the gate. */
	if (trust_level_parse(text, &chosen, NULL) < 0 || chosen < *lowest)
		log_warnx("%s: no level that this image allows; %s is in force", path,
			  trust_level_name(*gate));
	else
		*gate = chosen;
	return 0;
}

int host_gate_set(enum trust_level gate, struct err *e)
{
	enum trust_level now, lowest;
	char line[32];
	int len;

	if (host_gate_get(&now, &lowest, e) < 0)
		return -1;
	if (gate < lowest)
		return err_set(e, ERR_DENIED, "%s: this image allows no level below %s",
			       trust_level_name(gate), trust_level_name(lowest));
	len = snprintf(line, sizeof(line), "%s\n", trust_level_name(gate));
	return write_state(TRUST_HOST_LEVEL, line, (size_t)len, e);
}

int host_trust_check(const struct trust *t, enum trust_level gate,
		     const struct bundle_descriptor *d, const void *text, size_t len,
		     const void *signature, size_t signature_len, struct trust_signature *out,
		     struct err *e)
{
	if (!signature_len)
		return trust_admit(d, NULL, gate, e);
	if (trust_verify(t, text, len, signature, signature_len, out, e) < 0)
		return err_wrap(e, "bundle %s", d->name);
	return trust_admit(d, out, gate, e);
}

int host_trust_admit(const struct trust *t, enum trust_level gate,
		     const struct bundle_descriptor *d, const void *text, size_t len,
		     const void *signature, size_t signature_len, struct err *e)
{
	struct trust_signature s;
	struct err own = ERR_INIT;

	if (host_trust_check(t, gate, d, text, len, signature, signature_len, &s, &own) == 0)
		return 0;
	core_event(EVENT_SIGNATURE_REFUSED, EVENT_WITH(EVENT_STR("bundle", d->name)), "Refused: %s",
		   own.text);
	if (e)
		*e = own;
	return -1;
}

enum trust_level host_trust_level(const struct bundle_record *r)
{
	if (!r->base && !r->signature_len)
		return TRUST_UNSIGNED;
	return trust_level_of(r->d->acceptance_level);
}
