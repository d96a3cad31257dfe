// SPDX-License-Identifier: Apache-2.0
/* bundle depot: makes a folder of bundles a depot, by an index of them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "key.h"
#include "tardisk/bundle.h"
#include "tardisk/depot.h"
#include "tardisk/output.h"
#include "tardisk/sha256.h"
#include "tardisk/trust/cms.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle depot",
	.usage = "[-k KEY -c FILE [--time TIME]] DIR",
	.help = "  -k, --key KEY    sign the index: PEM file, or URI pkcs11:...\n"
		"  -c, --cert FILE  PEM: the signer's certificate, then those above it\n"
		"      --time TIME  of signing, 2026-01-31T12:00:00Z (now)\n"
		"  -h, --help\n"
		"Bundles are all files *.vib below DIR, profiles all files *.profile.\n",
};

static int copy_signed(const struct bundle *b, struct depot_bundle *out, struct err *e)
{
	const char *text = bundle_descriptor_text(b, &out->text_len);
	const void *signature = bundle_signature(b, &out->signature_len);

	out->text = strndup(text, out->text_len);
	out->signature = malloc(out->signature_len + 1);
	if (!out->text || !out->signature)
		return err_sys(e, ENOMEM, "descriptor");
	memcpy(out->signature, signature, out->signature_len);
	return bundle_descriptor_parse(out->text, out->text_len, &out->d, e);
}

/* Reads it to its end: a damaged bundle is of no use to anybody. */
static int read_bundle(struct bundle *b, struct depot_bundle *out, struct err *e)
{
	int rc = copy_signed(b, out, e);

	for (size_t i = 0; rc == 0 && i < out->d->n_payloads; i++)
		rc = bundle_copy_payload(b, -1, e);
	return rc == 0 ? bundle_finish(b, e) : rc;
}

static int take_bundle(const char *file, const char *path, struct depot_bundle *out, struct err *e)
{
	_cleanup_close_ int fd = open(file, O_RDONLY | O_CLOEXEC);
	unsigned long long size;
	struct bundle *b;
	int rc;

	if (fd < 0)
		return err_sys(e, errno, "%s", file);
	out->path = strdup(path);
	if (!out->path)
		return err_sys(e, ENOMEM, "%s", file);
	if (sha256_file(fd, file, &size, out->sha256, e) < 0 || bundle_open_fd(&b, file, fd, e) < 0)
		return -1;
	out->size = size;
	rc = read_bundle(b, out, e);
	bundle_close(b);
	return rc;
}

static int add_bundle(struct depot_index *index, const char *file, const char *path, struct err *e)
{
	size_t size = (index->n_bundles + 1) * sizeof(*index->bundles);
	struct depot_bundle *list = realloc(index->bundles, size);

	if (!list)
		return err_sys(e, ENOMEM, "%s", file);
	index->bundles = list;
	memset(&list[index->n_bundles], 0, sizeof(*list));
	return take_bundle(file, path, &list[index->n_bundles++], e);
}

static int add_profile(struct depot_index *index, const char *file, struct err *e)
{
	size_t size = (index->n_profiles + 1) * sizeof(*index->profiles);
	struct depot_profile *list = realloc(index->profiles, size);
	_cleanup_free_ char *text = NULL;
	size_t len;

	if (!list)
		return err_sys(e, ENOMEM, "%s", file);
	index->profiles = list;
	memset(&list[index->n_profiles], 0, sizeof(*list));
	if (file_read(file, DEPOT_INDEX_MAX, &text, &len, e) < 0)
		return -1;
	if (depot_profile_parse(text, len, &list[index->n_profiles++], e) < 0)
		return err_wrap(e, "%s", file);
	return 0;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && !strcmp(name + len - tail, end);
}

static int add_file(struct depot_index *index, const FTSENT *f, size_t head, struct err *e)
{
	const char *fault;

	if (ends_with(f->fts_name, ".profile"))
		return add_profile(index, f->fts_path, e);
	if (!ends_with(f->fts_name, ".vib"))
		return 0;
	fault = depot_path_fault(f->fts_path + head);
	if (fault)
		return err_set(e, ERR_INVALID, "%s: its path %s; rename it", f->fts_path, fault);
	return add_bundle(index, f->fts_path, f->fts_path + head, e);
}

static int scan(struct depot_index *index, FTS *fts, size_t head, struct err *e)
{
	FTSENT *f;

	while ((f = fts_read(fts))) {
		if (f->fts_info == FTS_DNR || f->fts_info == FTS_ERR || f->fts_info == FTS_NS)
			return err_sys(e, f->fts_errno, "%s", f->fts_path);
		if (f->fts_info == FTS_F && add_file(index, f, head, e) < 0)
			return -1;
	}
	return 0;
}

/* A profile is of use only where all its bundles are; the image's own need not be. */
static int scan_folder(struct depot_index *index, char *dir, struct err *e)
{
	char *const paths[] = { dir, NULL };
	size_t len = strlen(dir);
	FTS *fts;
	int rc;

	while (len > 1 && dir[len - 1] == '/')
		dir[--len] = '\0';
	if (access(dir, R_OK | X_OK) < 0)
		return err_sys(e, errno, "%s", dir);
	fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!fts)
		return err_sys(e, errno, "%s", dir);
	rc = scan(index, fts, len + 1, e);
	fts_close(fts);
	return rc < 0 ? -1 : depot_index_sort(index, e);
}

static int write_file(const char *path, const void *data, size_t len, struct err *e)
{
	struct output out = { -1, NULL, NULL };
	int rc = output_open(&out, path, e);

	if (rc == 0 && fd_write_all(out.fd, data, len) < 0)
		rc = err_sys(e, errno, "%s", out.path);
	if (rc == 0)
		rc = output_commit(&out, e);
	output_close(&out);
	return rc;
}

static int sign(const struct key *k, const char *path, const char *text, size_t len, struct err *e)
{
	_cleanup_free_ unsigned char *der = NULL;
	size_t der_len;

	if (cms_sign(k->certificate, k->private, k->others, text, len, k->time, false, &der,
		     &der_len, e) < 0)
		return -1;
	return write_file(path, der, der_len, e);
}

/* Never an index beside the signature of another: in between there is no signature. */
static int write_index(struct depot_index *index, const struct key *k, const char *dir,
		       struct err *e)
{
	_cleanup_free_ char *signature = NULL;
	_cleanup_free_ char *path = NULL;
	_cleanup_free_ char *text = NULL;
	size_t len;

	if (asprintf(&path, "%s/" DEPOT_INDEX_NAME, dir) < 0 ||
	    asprintf(&signature, "%s/" DEPOT_SIGNATURE_NAME, dir) < 0)
		return err_sys(e, ENOMEM, "%s", dir);
	if (depot_index_format(index, &text, &len, e) < 0)
		return -1;
	if (len > DEPOT_INDEX_MAX)
		return err_set(e, ERR_INVALID, "%s: would be larger than %u MiB", path,
			       DEPOT_INDEX_MAX >> 20);
	if (unlink(signature) < 0 && errno != ENOENT)
		return err_sys(e, errno, "%s", signature);
	if (write_file(path, text, len, e) < 0)
		return -1;
	return k->private ? sign(k, signature, text, len, e) : 0;
}

static int make(const struct key_options *o, char *dir, struct err *e)
{
	_cleanup_(depot_index_free) struct depot_index index = { 0 };
	_cleanup_(key_free) struct key k = { 0 };

	if (o->key && key_load(&k, o, e) < 0)
		return -1;
	if (scan_folder(&index, dir, e) < 0 || write_index(&index, &k, dir, e) < 0)
		return -1;
	printf("%s/" DEPOT_INDEX_NAME ": %zu bundles, %zu profiles, %s\n", dir, index.n_bundles,
	       index.n_profiles, k.private ? "signed" : "not signed");
	return 0;
}

int verb_depot(int argc, char **argv)
{
	static const struct option options[] = { { "key", required_argument, NULL, 'k' },
						 { "cert", required_argument, NULL, 'c' },
						 { "time", required_argument, NULL, 't' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct key_options o = { 0 };
	struct err e = ERR_INIT;
	int c;

	while ((c = getopt_long(argc, argv, "k:c:h", options, NULL)) != -1) {
		if (c == 'h')
			return program_help(&self);
		if (c == '?')
			return program_usage(&self, NULL);
		*(c == 'k' ? &o.key : c == 'c' ? &o.cert : &o.time) = optarg;
	}
	if (!o.key != !o.cert || argc - optind != 1)
		return program_usage(&self, "one folder is wanted, and a key with its certificate "
					    "or neither");
	return make(&o, argv[optind], &e) < 0 ? program_fail(&self, &e) : program_end(&self);
}
