// SPDX-License-Identifier: Apache-2.0
/* bundle verify: everything the format promises, contents of the tardisks included. */
#include <getopt.h>
#include <stdio.h>

#include "cleanup.h"
#include "program.h"
#include "stream.h"
#include "tardisk/bundle_content.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle verify",
	.usage = "BUNDLE...",
	.help = "  -h, --help\nA bundle may be - for standard input.\n",
};

static int check_payloads(struct bundle *b, struct bundle_content *c, struct err *e)
{
	size_t n = bundle_descriptor(b)->n_payloads;

	for (size_t i = 0; i < n; i++) {
		_cleanup_close_ int fd = stream_temporary(e);

		if (fd < 0 || bundle_copy_payload(b, fd, e) ||
		    bundle_content_add(c, i, fd, true, e))
			return -1;
	}
	return bundle_finish(b, e) ? -1 : bundle_content_end(c, e);
}

static int check_all(struct bundle *b, const char *name, struct err *e)
{
	struct bundle_content *c;
	int rc;

	if (bundle_content_start(&c, name, bundle_descriptor(b), e))
		return -1;
	rc = check_payloads(b, c, e);
	bundle_content_free(c);
	return rc;
}

static int verify(const char *path, struct err *e)
{
	_cleanup_close_ int fd = -1;
	struct bundle *b;
	size_t len;
	int rc;

	if (stream_open(&b, path, &fd, e))
		return -1;
	rc = check_all(b, path, e);
	if (!rc) {
		bundle_signature(b, &len);
		printf("%s: %s %s: sound, %s\n", path, bundle_descriptor(b)->name,
		       bundle_descriptor(b)->version, len ? "signature not checked" : "unsigned");
	}
	bundle_close(b);
	return rc;
}

int verb_verify(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct err e = ERR_INIT;
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1)
		return c == 'h' ? program_help(&self) : program_usage(&self, NULL);
	if (optind == argc)
		return program_usage(&self, "no bundle given");
	for (int i = optind; i < argc; i++)
		if (verify(argv[i], &e))
			return program_fail(&self, &e);
	return program_end(&self);
}
