// SPDX-License-Identifier: Apache-2.0
#include "build.h"

#include <ctype.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "tardisk/check.h"
#include "tardisk/sha256.h"
#include "tardisk/writer.h"

json_t *template_load(const char *path, struct err *e)
{
	json_error_t where;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &where);

	if (root && json_is_object(root))
		return root;
	if (root)
		err_set(e, ERR_INVALID, "%s: not an object", path);
	else if (where.line < 0)
		err_set(e, ERR_NOT_FOUND, "%s: %s", path, where.text);
	else
		err_set(e, ERR_INVALID, "%s: line %d, column %d: %.150s", path, where.line,
			where.column, where.text);
	json_decref(root);
	return NULL;
}

static int set(json_t *root, const char *name, json_t *value, struct err *e)
{
	if (json_object_set_new(root, name, value))
		return err_set(e, ERR_INVALID, "%s: not valid UTF-8, or out of memory", name);
	return 0;
}

static int set_default(json_t *root, const char *name, json_t *value, struct err *e)
{
	if (!json_object_get(root, name))
		return set(root, name, value, e);
	json_decref(value);
	return 0;
}

static json_t *newest_time(const struct tree *t)
{
	time_t newest = 0;
	char text[32];
	struct tm tm;

	for (size_t i = 0; i < t->n; i++)
		if (t->nodes[i].inode->mtime > newest)
			newest = t->nodes[i].inode->mtime;
	gmtime_r(&newest, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

static int set_files(json_t *root, const struct tree *t, struct err *e)
{
	json_t *files = json_array();

	for (size_t i = 0; i < t->n; i++) {
		if (t->nodes[i].inode->type == TARDISK_DIR)
			continue;
		if (json_array_append_new(files, json_string(t->nodes[i].path))) {
			json_decref(files);
			return err_set(e, ERR_INVALID, "%.300s: name is not valid UTF-8",
				       t->nodes[i].path);
		}
	}
	return set(root, "files", files, e);
}

/* What the programs in the tree are made for, by the first ELF file. */
static int find_architecture(const struct tree *t, const char **name, struct err *e)
{
	*name = "all";
	for (size_t i = 0; i < t->n; i++) {
		const struct tree_inode *inode = t->nodes[i].inode;
		_cleanup_close_ int fd = -1;
		Elf64_Ehdr head;
		uint64_t start;

		if (inode->type != TARDISK_FILE || inode->size < sizeof(head))
			continue;
		fd = tree_open_content(t, inode, &start, e);
		if (fd < 0)
			return -1;
		if (pread(fd, &head, sizeof(head), (off_t)start) != sizeof(head) ||
		    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
			continue;
		if (head.e_machine == EM_X86_64 || head.e_machine == EM_AARCH64) {
			*name = head.e_machine == EM_X86_64 ? "x86_64" : "aarch64";
			return 0;
		}
	}
	return 0;
}

int template_complete(json_t *root, const struct tree *t, struct err *e)
{
	const char *architecture;

	if (find_architecture(t, &architecture, e) ||
	    set_default(root, "architecture", json_string(architecture), e) ||
	    set_default(root, "format", json_integer(BUNDLE_FORMAT), e) ||
	    set_default(root, "type", json_string("bootbank"), e) ||
	    set_default(root, "acceptance_level", json_string("community"), e) ||
	    set_default(root, "created", newest_time(t), e) ||
	    set(root, "payloads", json_array(), e))
		return -1;
	return set_files(root, t, e);
}

/* "tcpdump.v00": what of the bundle's name a payload's may have, at most 11 characters. */
static void payload_name(const char *name, char out[BUNDLE_PAYLOAD_NAME_MAX + 1])
{
	size_t n = 0;

	for (; *name && n < BUNDLE_PAYLOAD_NAME_MAX - 4; name++)
		if (islower((unsigned char)*name) || isdigit((unsigned char)*name) ||
		    (n && (*name == '-' || *name == '_')))
			out[n++] = *name;
	memcpy(out + n, ".v00", 5);
}

static int measure(int fd, const char *name, json_t **payload, struct err *e)
{
	char file[SHA256_HEX], content[SHA256_HEX], root[SHA256_HEX];
	unsigned long long size;
	struct tardisk_file t;
	uint64_t content_size;
	int rc;

	if (sha256_file(fd, name, &size, file, e) || tardisk_file_open(&t, name, fd, e))
		return -1;
	content_size = t.volume.size;
	memcpy(root, t.root_hash, sizeof(root));
	rc = tardisk_check(&t, e);
	if (!rc)
		rc = tardisk_file_digest(&t, content, e);
	tardisk_file_close(&t);
	if (rc)
		return rc;
	*payload =
		json_pack("{s:s, s:s, s:I, s:s, s:I, s:s, s:s}", "name", name, "type", "tardisk",
			  "size", (json_int_t)size, "sha256", file, "content_size",
			  (json_int_t)content_size, "content_sha256", content, "root_hash", root);
	return *payload ? 0 : err_sys(e, ENOMEM, "%s", name);
}

int template_add_payload(json_t *root, struct tree *t, int fd, const struct packing *packing,
			 struct err *e)
{
	const char *bundle = json_string_value(json_object_get(root, "name"));
	char name[BUNDLE_PAYLOAD_NAME_MAX + 1];
	json_t *payload;

	payload_name(bundle ? bundle : "", name);
	if (tardisk_write(fd, name, t, packing, e) || measure(fd, name, &payload, e))
		return -1;
	if (json_array_append_new(json_object_get(root, "payloads"), payload))
		return err_sys(e, ENOMEM, "%s", name);
	return 0;
}

int template_descriptor(const json_t *root, const char *path, struct bundle_descriptor **d,
			struct err *e)
{
	_cleanup_free_ char *text = json_dumps(root, 0);

	if (!text)
		return err_sys(e, ENOMEM, "%s", path);
	if (bundle_descriptor_parse(text, strlen(text), d, e))
		return err_wrap(e, "%s", path);
	return 0;
}
