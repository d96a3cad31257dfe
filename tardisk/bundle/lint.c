// SPDX-License-Identifier: Apache-2.0
/* bundle lint: what is wrong, and what is allowed but seldom meant. */
#include "lint.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "program.h"
#include "stream.h"
#include "tardisk/bundle_content.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle lint",
	.usage = "[--strict] FILE...",
	.help = "      --strict  warnings are errors\n"
		"  -h, --help\n"
		"A FILE is a bundle, or a complete descriptor.json.\n",
};

static int lint_payload(struct lint *l, const struct bundle_descriptor *d, size_t i, int fd,
			struct err *e)
{
	struct tardisk_index index;
	struct tardisk_file t;
	int rc;

	if (d->payloads[i].boot)
		return 0;
	if (tardisk_file_open(&t, d->payloads[i].name, fd, e))
		return -1;
	rc = tardisk_index_load(&t, &index, e);
	if (!rc) {
		for (size_t k = 0; k < index.n; k++)
			lint_entry(l, d, &index.entries[k]);
		free(index.entries);
	}
	tardisk_file_close(&t);
	return rc;
}

static int lint_payloads(struct lint *l, struct bundle *b, struct bundle_content *c, struct err *e)
{
	const struct bundle_descriptor *d = bundle_descriptor(b);

	for (size_t i = 0; i < d->n_payloads; i++) {
		_cleanup_close_ int fd = stream_temporary(e);

		if (fd < 0 || bundle_copy_payload(b, fd, e) ||
		    bundle_content_add(c, i, fd, true, e) || lint_payload(l, d, i, fd, e))
			return -1;
	}
	return bundle_finish(b, e) ? -1 : bundle_content_end(c, e);
}

static int lint_bundle(struct lint *l, int fd, struct err *e)
{
	struct bundle_content *c;
	struct bundle *b;
	int rc;

	if (bundle_open_fd(&b, l->name, fd, e))
		return -1;
	lint_descriptor(l, bundle_descriptor(b));
	rc = bundle_content_start(&c, l->name, bundle_descriptor(b), e);
	if (!rc) {
		rc = lint_payloads(l, b, c, e);
		bundle_content_free(c);
	}
	bundle_close(b);
	return rc;
}

static int lint_text(struct lint *l, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	struct bundle_descriptor *d;
	size_t len;

	if (file_read(l->name, BUNDLE_DESCRIPTOR_MAX, &text, &len, e))
		return -1;
	if (bundle_descriptor_parse(text, len, &d, e))
		return err_wrap(e, "%.200s", l->name);
	lint_descriptor(l, d);
	bundle_descriptor_free(d);
	return 0;
}

static int lint(const char *path, bool strict, struct err *e)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct lint l = { .name = path };
	char magic[8] = "";
	int rc;

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	if (pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	    !memcmp(magic, "!<arch>\n", sizeof(magic)))
		rc = lint_bundle(&l, fd, e);
	else
		rc = lint_text(&l, e);
	if (!rc && strict && l.warnings)
		return err_set(e, ERR_INVALID, "%s: %u warning%s", path, l.warnings,
			       l.warnings == 1 ? "" : "s");
	return rc;
}

int verb_lint(int argc, char **argv)
{
	static const struct option options[] = { { "strict", no_argument, NULL, 's' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct err e = ERR_INIT;
	bool strict = false;
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h')
			return program_help(&self);
		if (c != 's')
			return program_usage(&self, NULL);
		strict = true;
	}
	if (optind == argc)
		return program_usage(&self, "a bundle or descriptor is wanted");
	for (int i = optind; i < argc; i++)
		if (lint(argv[i], strict, &e))
			return program_fail(&self, &e);
	return program_end(&self);
}
