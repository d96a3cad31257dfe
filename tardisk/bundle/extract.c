// SPDX-License-Identifier: Apache-2.0
/* bundle extract: the members of a bundle as files, checked on the way. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "program.h"
#include "stream.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle extract",
	.usage = "[-C DIR] BUNDLE",
	.help = "  -C, --directory DIR  write there, made if it is missing (.)\n"
		"  -h, --help\n"
		"Existing files are not replaced. BUNDLE may be - for standard input.\n",
};

static int create(int dirfd, const char *name, struct err *e)
{
	int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 ? err_sys(e, errno, "%s", name) : fd;
}

static int write_member(int dirfd, const char *name, const void *data, size_t len, struct err *e)
{
	_cleanup_close_ int fd = create(dirfd, name, e);

	if (fd < 0)
		return -1;
	return fd_write_all(fd, data, len) ? err_sys(e, errno, "%s", name) : 0;
}

static int extract_to(struct bundle *b, int dirfd, struct err *e)
{
	const struct bundle_descriptor *d = bundle_descriptor(b);
	const void *data;
	size_t len;

	data = bundle_descriptor_text(b, &len);
	if (write_member(dirfd, BUNDLE_DESCRIPTOR_NAME, data, len, e))
		return -1;
	data = bundle_signature(b, &len);
	if (write_member(dirfd, BUNDLE_SIGNATURE_NAME, data, len, e))
		return -1;
	for (size_t i = 0; i < d->n_payloads; i++) {
		_cleanup_close_ int fd = create(dirfd, d->payloads[i].name, e);

		if (fd < 0)
			return -1;
		if (bundle_copy_payload(b, fd, e)) {
			unlinkat(dirfd, d->payloads[i].name, 0);
			return -1;
		}
	}
	if (bundle_finish(b, e))
		return -1;
	data = bundle_manifests(b, &len);
	return len ? write_member(dirfd, BUNDLE_MANIFESTS_NAME, data, len, e) : 0;
}

static int extract(const char *path, const char *dir, struct err *e)
{
	_cleanup_close_ int fd = -1, dirfd = -1;
	struct bundle *b;
	int rc;

	if (stream_open(&b, path, &fd, e))
		return -1;
	if (mkdir(dir, 0755) && errno != EEXIST)
		rc = err_sys(e, errno, "%s", dir);
	else if ((dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		rc = err_sys(e, errno, "%s", dir);
	else
		rc = extract_to(b, dirfd, e);
	bundle_close(b);
	return rc;
}

int verb_extract(int argc, char **argv)
{
	static const struct option options[] = { { "directory", required_argument, NULL, 'C' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	const char *dir = ".";
	struct err e = ERR_INIT;
	int c;

	while ((c = getopt_long(argc, argv, "C:h", options, NULL)) != -1) {
		if (c == 'h')
			return program_help(&self);
		if (c != 'C')
			return program_usage(&self, NULL);
		dir = optarg;
	}
	if (argc - optind != 1)
		return program_usage(&self, "one bundle is wanted");
	if (extract(argv[optind], dir, &e))
		return program_fail(&self, &e);
	return program_end(&self);
}
