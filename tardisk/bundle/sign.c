// SPDX-License-Identifier: Apache-2.0
/* bundle sign: puts a signature over the descriptor, instead of the one that is there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "key.h"
#include "manifest.h"
#include "put.h"
#include "stream.h"
#include "tardisk/bundle_manifests.h"
#include "tardisk/trust/cms.h"
#include "tardisk/trust/trust.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle sign",
	.usage = "-k KEY -c FILE [--time TIME] [-o FILE] BUNDLE",
	.help = KEY_HELP "  -h, --help\n"
			 "Without an output the bundle itself is replaced.\n",
};

/* The payloads as temporary files: one that changes on the way would be noticed. */
static int take_payloads(struct bundle *b, int *fds, struct err *e)
{
	const struct bundle_descriptor *d = bundle_descriptor(b);

	for (size_t i = 0; i < d->n_payloads; i++) {
		fds[i] = stream_temporary(e);
		if (fds[i] < 0 || bundle_copy_payload(b, fds[i], e))
			return -1;
	}
	return bundle_finish(b, e);
}

/* For the kernel of the host, which knows nothing of descriptors: one for each payload. */
static int make_manifests(const struct bundle_descriptor *d, const struct key *k, const int *fds,
			  unsigned char **list, size_t *size, struct err *e)
{
	char name[TARDISK_MANIFEST_TEXT];
	struct attest a = { .name = name,
			    .version = d->version,
			    .level = (enum tardisk_acceptance)trust_level_of(d->acceptance_level),
			    .may = d->setuid.n ? TARDISK_MAY_SETUID : 0 };

	/* The tardisks of an image are inside boot modules, and bring their own. */
	if (d->type == BUNDLE_IMAGE)
		return 0;
	bundle_manifests_name(d, name);
	for (size_t i = 0; i < d->n_payloads; i++) {
		_cleanup_free_ unsigned char *frame = NULL;
		unsigned char *more;
		size_t len;

		if (manifest_sign(&a, fds[i], d->payloads[i].name, k, &frame, &len, e))
			return -1;
		more = realloc(*list, *size + len);
		if (!more)
			return err_sys(e, ENOMEM, "%s", d->name);
		memcpy(more + *size, frame, len);
		*list = more;
		*size += len;
	}
	return 0;
}

static int write_signed(struct bundle *b, const struct key *k, const int *fds, const char *path,
			struct err *e)
{
	struct bundle_parts parts = { .d = bundle_descriptor(b), .fds = fds };
	_cleanup_free_ unsigned char *der = NULL, *manifests = NULL;

	parts.text = bundle_descriptor_text(b, &parts.text_len);
	if (make_manifests(parts.d, k, fds, &manifests, &parts.manifests_len, e) ||
	    cms_sign(k->certificate, k->private, k->others, parts.text, parts.text_len, k->time,
		     false, &der, &parts.sig_len, e))
		return -1;
	if (parts.sig_len > BUNDLE_SIGNATURE_MAX)
		return err_set(e, ERR_INVALID, "%s: too many certificates", path);
	parts.sig = der;
	parts.manifests = manifests;
	return bundle_put(path, &parts, e);
}

static int sign_opened(struct bundle *b, const struct key *k, const char *path, struct err *e)
{
	size_t n = bundle_descriptor(b)->n_payloads;
	_cleanup_free_ int *fds = malloc((n + 1) * sizeof(*fds));
	int rc;

	if (!fds)
		return err_sys(e, ENOMEM, "%s", path);
	for (size_t i = 0; i < n; i++)
		fds[i] = -1;
	rc = take_payloads(b, fds, e);
	if (!rc)
		rc = write_signed(b, k, fds, path, e);
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return rc;
}

static int sign(const struct key_options *o, struct err *e)
{
	_cleanup_close_ int fd = -1;
	_cleanup_(key_free) struct key k = { 0 };
	struct bundle *b;
	int rc;

	if (key_load(&k, o, e) || stream_open(&b, o->input, &fd, e))
		return -1;
	rc = sign_opened(b, &k, o->output ? o->output : o->input, e);
	bundle_close(b);
	return rc;
}

int verb_sign(int argc, char **argv)
{
	struct key_options o = { 0 };
	struct err e = ERR_INIT;
	int rc = key_arguments(&self, argc, argv, &o);

	if (rc >= 0)
		return rc;
	return sign(&o, &e) ? program_fail(&self, &e) : program_end(&self);
}
