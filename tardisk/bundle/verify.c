// SPDX-License-Identifier: Apache-2.0
/* bundle verify: everything the format promises, contents of the tardisks included. */
#include <getopt.h>
#include <stdio.h>

#include "cleanup.h"
#include "file.h"
#include "program.h"
#include "stream.h"
#include "tardisk/bundle_content.h"
#include "tardisk/manifest.h"
#include "tardisk/trust/trust.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle verify",
	.usage = "[-t DIR [-r FILE] [-l LEVEL] [--keys]] BUNDLE...",
	.help = "  -t, --trust DIR         check signatures against the roots there; see "
		"bundle(1)\n"
		"  -r, --revocations FILE  a signed list of what is revoked\n"
		"  -l, --level LEVEL       refuse what is below: certified, accepted, partner,\n"
		"                          community or unsigned (community)\n"
		"      --keys              print digests of the keys from signer to root\n"
		"  -h, --help\n"
		"A bundle may be - for standard input.\n",
};

struct options {
	const char *dir;
	const char *revocations;
	enum trust_level gate;
	bool keys;
	struct trust *trust; /* NULL: signatures are not checked */
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

static void print_signature(const struct bundle_descriptor *d, const struct trust_signature *s,
			    bool keys)
{
	printf("%s, signed by %s at %s\n", trust_level_name(trust_level_of(d->acceptance_level)),
	       s->signer, s->time);
	for (size_t i = 0; keys && i < s->n_keys; i++)
		printf("key %s of %s\n", s->keys[i],
		       i + 1 == s->n_keys ? s->root
		       : i		  ? "an issuer"
					  : s->signer);
}

/* The signatures for the kernel come from the same hands. */
static int check_manifests(struct bundle *b, const struct trust *t, struct err *e)
{
	const struct bundle_descriptor *d = bundle_descriptor(b);

	for (size_t i = 0; i < d->n_payloads; i++) {
		const char *name = d->payloads[i].name;
		struct tardisk_error error;
		struct tardisk_manifest m;
		struct trust_signature s;
		size_t len;
		const void *frame = bundle_manifest(b, i, &len);

		if (!frame || tardisk_manifest_init(&m, frame, (uint32_t)len, 0, &error))
			return 0;
		if (trust_verify(t, m.bytes, TARDISK_MANIFEST, m.signature, m.signature_len, &s,
				 e) ||
		    trust_admit(d, &s, TRUST_COMMUNITY, e))
			return err_wrap(e, "manifest of %s", name);
	}
	return 0;
}

/* After the content was found sound; says what the signature is worth. */
static int check_signature(struct bundle *b, const struct options *o, struct err *e)
{
	const struct bundle_descriptor *d = bundle_descriptor(b);
	struct trust_signature s;
	size_t len, text_len;
	const void *signature = bundle_signature(b, &len);
	const char *text = bundle_descriptor_text(b, &text_len);

	if (!len || !o->trust) {
		if (o->trust && trust_admit(d, NULL, o->gate, e))
			return -1;
		puts(len ? "signature not checked" : "unsigned");
		return 0;
	}
	if (trust_verify(o->trust, text, text_len, signature, len, &s, e) ||
	    trust_admit(d, &s, o->gate, e) || check_manifests(b, o->trust, e))
		return -1;
	print_signature(d, &s, o->keys);
	return 0;
}

static int verify(const char *path, const struct options *o, struct err *e)
{
	_cleanup_close_ int fd = -1;
	struct bundle *b;
	int rc;

	if (stream_open(&b, path, &fd, e))
		return -1;
	rc = check_all(b, path, e);
	if (!rc) {
		printf("%s: %s %s: sound, ", path, bundle_descriptor(b)->name,
		       bundle_descriptor(b)->version);
		rc = check_signature(b, o, e);
		if (rc) {
			puts("not trusted");
			err_wrap(e, "%.200s", path);
		}
	}
	bundle_close(b);
	return rc;
}

static int load_trust(struct options *o, struct err *e)
{
	_cleanup_free_ char *list = NULL;
	size_t len;

	if (!o->dir)
		return 0;
	if (trust_load(&o->trust, o->dir, e))
		return -1;
	if (!o->revocations)
		return 0;
	if (file_read(o->revocations, REVOCATION_MAX, &list, &len, e))
		return -1;
	return trust_revoke(o->trust, list, len, e) < 0 ? err_wrap(e, "%.200s", o->revocations) : 0;
}

static int verify_each(struct options *o, char **paths, struct err *e)
{
	int rc = load_trust(o, e);

	for (; !rc && *paths; paths++)
		rc = verify(*paths, o, e);
	trust_free(o->trust);
	return rc;
}

enum { OPT_KEYS = 256 };

static const struct option long_options[] = {
	{ "trust", required_argument, NULL, 't' }, { "revocations", required_argument, NULL, 'r' },
	{ "level", required_argument, NULL, 'l' }, { "keys", no_argument, NULL, OPT_KEYS },
	{ "help", no_argument, NULL, 'h' },	   { NULL, 0, NULL, 0 }
};

/* -1 to go on, else the exit code. */
static int take_option(struct options *o, int c)
{
	struct err e = ERR_INIT;

	switch (c) {
	case 't':
		o->dir = optarg;
		return -1;
	case 'r':
		o->revocations = optarg;
		return -1;
	case 'l':
		return trust_level_parse(optarg, &o->gate, &e) ? program_usage(&self, "%s", e.text)
							       : -1;
	case OPT_KEYS:
		o->keys = true;
		return -1;
	case 'h':
		return program_help(&self);
	default:
		return program_usage(&self, NULL);
	}
}

int verb_verify(int argc, char **argv)
{
	struct options o = { .gate = TRUST_COMMUNITY };
	struct err e = ERR_INIT;
	int c, rc;

	while ((c = getopt_long(argc, argv, "t:r:l:h", long_options, NULL)) != -1) {
		rc = take_option(&o, c);
		if (rc >= 0)
			return rc;
	}
	if (optind == argc)
		return program_usage(&self, "no bundle given");
	if (o.revocations && !o.dir)
		return program_usage(&self, "--revocations needs --trust");
	return verify_each(&o, argv + optind, &e) ? program_fail(&self, &e) : program_end(&self);
}
