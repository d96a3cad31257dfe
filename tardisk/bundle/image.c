// SPDX-License-Identifier: Apache-2.0
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "cleanup.h"
#include "put.h"
#include "tardisk/sha256.h"

bool image_is_meant(const json_t *root)
{
	const char *type = json_string_value(json_object_get(root, "type"));

	return type && !strcmp(type, "image");
}

static int add_file(json_t *payloads, const char *path, int *fd, struct err *e)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	unsigned long long size;
	char hex[SHA256_HEX];

	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return err_sys(e, errno, "%s", path);
	if (sha256_file(*fd, path, &size, hex, e))
		return -1;
	if (json_array_append_new(payloads,
				  json_pack("{s:s, s:s, s:I, s:s}", "name", name, "type", "boot",
					    "size", (json_int_t)size, "sha256", hex)))
		return err_set(e, ERR_INVALID, "%.300s: not valid UTF-8, or out of memory", path);
	return 0;
}

static int write_image(const json_t *root, const char *template, const int *fds, const char *output,
		       struct err *e)
{
	struct bundle_parts parts = { .fds = fds };
	_cleanup_free_ char *text = NULL;
	struct bundle_descriptor *d;
	char name[192];
	int rc;

	if (template_descriptor(root, template, &d, e))
		return -1;
	rc = bundle_descriptor_format(d, &text, &parts.text_len, e);
	if (!rc) {
		parts.d = d;
		parts.text = text;
		snprintf(name, sizeof(name), "%s-%s.vib", d->name, d->version);
		rc = bundle_put(output ? output : name, &parts, e);
	}
	bundle_descriptor_free(d);
	return rc;
}

static int complete(json_t *root, char *const *files, int *fds, size_t n, struct err *e)
{
	json_t *payloads = json_array();

	if (json_object_set_new(root, "payloads", payloads) ||
	    json_object_set_new(root, "files", json_array()) ||
	    json_object_set_new(root, "format", json_integer(BUNDLE_FORMAT)))
		return err_sys(e, ENOMEM, "payloads");
	for (size_t i = 0; i < n; i++)
		if (add_file(payloads, files[i], &fds[i], e))
			return -1;
	return 0;
}

int image_build(json_t *root, const char *template, char *const *files, size_t n,
		const char *output, struct err *e)
{
	_cleanup_free_ int *fds = malloc((n + 1) * sizeof(*fds));
	int rc;

	if (!fds)
		return err_sys(e, ENOMEM, "%s", template);
	for (size_t i = 0; i < n; i++)
		fds[i] = -1;
	rc = complete(root, files, fds, n, e);
	if (!rc)
		rc = write_image(root, template, fds, output, e);
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return rc;
}
