// SPDX-License-Identifier: Apache-2.0
/* software.provenance: who gives a file, or the code that a process runs. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "host_trust.h"
#include "userworld/core/internal.h"
#include "provenance_map.h"
#include "vfsctl.h"

#define MAPS_MAX (4u << 20) /* bytes of /proc/PID/maps that are looked at */

/* What all questions need: bundles, whom to trust, what is attached. */
struct sources {
	struct bundle_set set;
	struct trust *trust;
	struct vfs_tardisk *tardisks;
	size_t n_tardisks;
};

static void free_sources(struct sources *s)
{
	bundle_set_free(&s->set);
	trust_free(s->trust);
	free(s->tardisks);
}

static int load_sources(struct sources *s, struct err *e)
{
	memset(s, 0, sizeof(*s));
	if (bundle_set_load(&s->set, e) < 0 || host_trust_load(&s->trust, e) < 0)
		return -1;
	return vfs_tardisk_list(core_prefix(CORE_SYSFS), &s->tardisks, &s->n_tardisks, e);
}

static const struct bundle_record *owner_of(const struct sources *s, const char *tardisk)
{
	for (size_t i = 0; i < s->set.n; i++)
		for (size_t t = 0; t < s->set.items[i].n_tardisks; t++)
			if (!strcmp(s->set.items[i].tardisks[t], tardisk))
				return &s->set.items[i];
	return NULL;
}

static bool is_attached(const struct sources *s, const char *tardisk)
{
	for (size_t i = 0; i < s->n_tardisks; i++)
		if (!strcmp(s->tardisks[i].name, tardisk))
			return true;
	return false;
}

/* A record's signature by the roots and revocations of now; *why in words. */
static bool is_trusted(const struct sources *s, const struct bundle_record *r,
		       struct trust_signature *signature, char *why, size_t size)
{
	struct err fault = ERR_INIT;

	memset(signature, 0, sizeof(*signature));
	if (r->base || !r->signature_len) {
		snprintf(why, size, "%s", r->base ? "part of the image" : "unsigned");
		return true;
	}
	if (trust_verify(s->trust, r->text, r->text_len, r->signature, r->signature_len, signature,
			 &fault) == 0) {
		snprintf(why, size, "good");
		return true;
	}
	snprintf(why, size, "%s", fault.text);
	return false;
}

static json_t *components_of(const struct bundle_descriptor *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->sbom.n_components; i++) {
		const struct bundle_component *c = &d->sbom.components[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", c->name,
						      "version", c->version, "license", c->license,
						      "purl", c->purl));
	}
	return list;
}

/* The columns about the bundle that a tardisk belongs to; of the image's own there are none. */
static json_t *pack_owner(const struct sources *s, const char *tardisk)
{
	const struct bundle_record *r = owner_of(s, tardisk);
	struct trust_signature signature;
	char why[300];

	if (!r)
		return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[]}", "bundle", "", "version",
				 "", "acceptance", tardisk[0] ? "certified" : "", "signature",
				 tardisk[0] ? "part of the image" : "", "signer", "", "signed", "",
				 "components");
	is_trusted(s, r, &signature, why, sizeof(why));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "bundle", r->d->name, "version",
			 r->d->version, "acceptance", trust_level_name(host_trust_level(r)),
			 "signature", why, "signer", signature.signer, "signed", signature.time,
			 "components", components_of(r->d));
}

static int provenance_path(const struct sources *s, const char *path, json_t **result,
			   struct err *e)
{
	_cleanup_free_ struct visorfs_version *v = calloc(1, sizeof(*v));
	_cleanup_close_ int fd = -1;
	char root[CORE_PATH_MAX];
	int rc;

	if (!v)
		return core_nomem(e);
	if (core_path(root, e, CORE_ROOT, "/") < 0)
		return -1;
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s", root);
	rc = vfs_version(fd, path, 0, false, v, e);
	if (rc < 0)
		return -1;
	if (!rc || v->flags & VISORFS_VERSION_DELETED)
		return err_set(e, ERR_NOT_FOUND, "%s: no tardisk and no ramdisk has it", path);
	*result = pack_owner(s, v->tardisk);
	json_object_set_new(*result, "path", json_string(path));
	json_object_set_new(*result, "tardisk", json_string(v->tardisk));
	json_object_set_new(
		*result, "changed",
		json_boolean(v->flags & (VISORFS_VERSION_CHANGED | VISORFS_VERSION_RAMDISK)));
	return 0;
}

/* Is the file that is mapped the one that has the path now? */
static bool is_current(int fd, const char *path)
{
	char full[CORE_PATH_MAX];
	struct stat mapped, now;

	return core_path(full, NULL, CORE_ROOT, "%s", path) == 0 && fstat(fd, &mapped) == 0 &&
	       stat(full, &now) == 0 && mapped.st_dev == now.st_dev && mapped.st_ino == now.st_ino;
}

/* Where the mapped file is from, and what has become of that. */
static enum code_status judge(const struct sources *s, pid_t pid, const struct code_map *m,
			      char tardisk[static VISORFS_NAME_MAX + 1])
{
	struct code_facts facts = { .file = m->path[0] == '/' };
	struct visorfs_provider provider;
	const struct bundle_record *r;
	struct trust_signature signature;
	_cleanup_close_ int fd = -1;
	char path[CORE_PATH_MAX], why[300];

	tardisk[0] = '\0';
	if (!facts.file ||
	    core_path(path, NULL, CORE_PROC, "/proc/%d/map_files/%s", (int)pid, m->range) < 0)
		return code_judge(&facts);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	facts.visorfs = fd >= 0 && vfs_provider_fd(fd, m->path, &provider, NULL) == 0;
	if (!facts.visorfs)
		return code_judge(&facts);
	snprintf(tardisk, VISORFS_NAME_MAX + 1, "%s", provider.tardisk);
	r = owner_of(s, tardisk);
	facts.tardisk = tardisk[0];
	facts.changed = provider.flags & VISORFS_FILE_BRANCHED;
	facts.attached = is_attached(s, tardisk);
	facts.current = is_current(fd, m->path);
	facts.trusted = !r || is_trusted(s, r, &signature, why, sizeof(why));
	return code_judge(&facts);
}

static json_t *pack_code(const struct sources *s, pid_t pid, const struct code_map *m)
{
	char tardisk[VISORFS_NAME_MAX + 1];
	enum code_status status = judge(s, pid, m, tardisk);
	bool gone = status == CODE_REMOVED || status == CODE_REPLACED;
	json_t *row = pack_owner(s, gone ? "" : tardisk);

	/* Of a bundle that went nothing is known but the name of its tardisk. */
	json_object_set_new(row, "pid", json_integer(pid));
	json_object_set_new(row, "path", json_string(m->path));
	json_object_set_new(row, "tardisk", json_string(tardisk));
	json_object_set_new(row, "status", json_string(code_status_name(status)));
	return row;
}

/* The name of the process, or "". */
static void name_of(pid_t pid, char *name, size_t size)
{
	char path[CORE_PATH_MAX];

	name[0] = '\0';
	if (core_path(path, NULL, CORE_PROC, "/proc/%d/comm", (int)pid) == 0 &&
	    file_read_at(AT_FDCWD, path, name, size, NULL) == 0)
		name[strcspn(name, "\n")] = '\0';
}

static bool is_clean(const json_t *row)
{
	return code_status_is_clean(json_string_value(json_object_get(row, "status")));
}

/* A row for each file that the process has code of; only_bad: for those that should worry. */
static int add_process(const struct sources *s, pid_t pid, bool only_bad, json_t *rows,
		       struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX], name[64];
	struct code_map *list;
	size_t n;

	if (core_path(path, e, CORE_PROC, "/proc/%d/maps", (int)pid) < 0 ||
	    file_read(path, MAPS_MAX, &text, NULL, e) < 0 ||
	    code_maps_parse(text, &list, &n, e) < 0)
		return -1;
	name_of(pid, name, sizeof(name));
	for (size_t i = 0; i < n; i++) {
		json_t *row = pack_code(s, pid, &list[i]);

		json_object_set_new(row, "command", json_string(name));
		if (only_bad && is_clean(row))
			json_decref(row);
		else
			json_array_append_new(rows, row);
	}
	free(list);
	return 0;
}

static int provenance_get(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(free_sources) struct sources s = { 0 };

	if (load_sources(&s, e) < 0)
		return -1;
	return provenance_path(&s, core_string(params, "path"), result, e);
}

static int provenance_process(json_t *params, json_t **result, struct err *e)
{
	pid_t pid = (pid_t)core_integer(params, "pid", 0);
	_cleanup_(free_sources) struct sources s = { 0 };
	struct err fault = ERR_INIT;

	if (load_sources(&s, e) < 0)
		return -1;
	*result = json_array();
	if (add_process(&s, pid, false, *result, &fault) == 0)
		return 0;
	if (fault.kind == ERR_NOT_FOUND)
		return err_set(e, ERR_NOT_FOUND, "%d: no such process", (int)pid);
	if (e)
		*e = fault;
	return -1;
}

/* Processes that end meanwhile are left out. */
static int provenance_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(free_sources) struct sources s = { 0 };
	_cleanup_closedir_ DIR *dir = NULL;
	char path[CORE_PATH_MAX];
	struct dirent *entry;

	(void)params;
	if (load_sources(&s, e) < 0 || core_path(path, e, CORE_PROC, "/proc") < 0)
		return -1;
	dir = opendir(path);
	if (!dir)
		return err_sys(e, errno, "%s", path);
	*result = json_array();
	while ((entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			add_process(&s, (pid_t)atoi(entry->d_name), true, *result, NULL);
	return 0;
}

static const struct core_param path_params[] = {
	{ "path", CORE_PATH, .required = true, .min = 2, .max = 4000, .help = "Of a file" },
	{ 0 },
};

static const struct core_param pid_params[] = {
	{ "pid", CORE_INT, .among = "system.process.list cid", .required = true, .min = 1,
	  .max = 1 << 22, .help = "Of a process" },
	{ 0 },
};

const struct core_op core_provenance_ops[] = {
	{
		.name = "software.provenance.get",
		.method = "GET",
		.path = "/provenance/file",
		.flags = CORE_SLOW,
		.params = path_params,
		.run = provenance_get,
		.help = "Bundle, signature and components that a file is from",
	},
	{
		.name = "software.provenance.process",
		.method = "GET",
		.path = "/provenance/process",
		.flags = CORE_SLOW,
		.params = pid_params,
		.run = provenance_process,
		.help = "The same of all code that a process has mapped",
	},
	{
		.name = "software.provenance.list",
		.method = "GET",
		.path = "/provenance",
		.flags = CORE_SLOW,
		.run = provenance_list,
		.help = "Processes that run code of removed, replaced or revoked bundles, or of "
			"none",
	},
	{ 0 },
};
