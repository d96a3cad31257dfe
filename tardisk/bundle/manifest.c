// SPDX-License-Identifier: Apache-2.0
/* bundle manifest: signs a tardisk that is not in a bundle, as those of an image. */
#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "tardisk/trust/cms.h"
#include "tardisk/trust/trust.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle manifest",
	.usage = "-k KEY -c FILE -n NAME -v VERSION [-l LEVEL] [--time TIME] TARDISK",
	.help = "  -k, --key KEY      PEM file, or URI pkcs11:...\n"
		"  -c, --cert FILE    PEM: the signer's certificate, then those above it\n"
		"  -n, --name NAME    what it is attached as, without \".v00\"\n"
		"  -v, --version VERSION\n"
		"  -l, --level LEVEL  certified, accepted, partner or community (certified)\n"
		"      --time TIME    of signing, 2026-01-31T12:00:00Z (now)\n"
		"  -h, --help\n"
		"The manifest permits what the tardisk holds: files that run with other\n"
		"rights, devices. A manifest that is there is replaced.\n",
};

int manifest_sign(const struct attest *a, int fd, const char *file, const struct key *k,
		  unsigned char **frame, size_t *len, struct err *e)
{
	_cleanup_free_ unsigned char *der = NULL;
	unsigned char bytes[TARDISK_MANIFEST];
	struct tardisk_file t;
	size_t der_len;
	int rc;

	if (tardisk_file_open(&t, file, fd, e))
		return -1;
	rc = attest_bytes(a, &t, bytes, e);
	tardisk_file_close(&t);
	if (rc || cms_sign(k->certificate, k->private, k->others, bytes, sizeof(bytes), k->time,
			   false, &der, &der_len, e))
		return -1;
	return attest_frame(bytes, der, der_len, frame, len, e);
}

static int needs_of(int fd, const char *file, uint32_t *needs, struct err *e)
{
	struct tardisk_file t;
	int rc;

	if (tardisk_file_open(&t, file, fd, e))
		return -1;
	rc = attest_needs(&t, needs, e);
	tardisk_file_close(&t);
	return rc;
}

static int run(struct attest *a, const struct key_options *o, struct err *e)
{
	_cleanup_close_ int fd = open(o->input, O_RDWR | O_CLOEXEC);
	_cleanup_(key_free) struct key k = { 0 };
	_cleanup_free_ unsigned char *frame = NULL;
	size_t len;

	if (fd < 0)
		return err_sys(e, errno, "%s", o->input);
	if (key_load(&k, o, e) || needs_of(fd, o->input, &a->may, e) ||
	    manifest_sign(a, fd, o->input, &k, &frame, &len, e))
		return -1;
	return attest_put(fd, o->input, frame, len, e);
}

enum { OPT_TIME = 256 };

static const struct option long_options[] = {
	{ "key", required_argument, NULL, 'k' },   { "cert", required_argument, NULL, 'c' },
	{ "name", required_argument, NULL, 'n' },  { "version", required_argument, NULL, 'v' },
	{ "level", required_argument, NULL, 'l' }, { "time", required_argument, NULL, OPT_TIME },
	{ "help", no_argument, NULL, 'h' },	   { NULL, 0, NULL, 0 },
};

static int take_level(struct attest *a, const char *text)
{
	struct err e = ERR_INIT;
	enum trust_level level;

	if (trust_level_parse(text, &level, &e))
		return program_usage(&self, "%s", e.text);
	if (level == TRUST_UNSIGNED)
		return program_usage(&self, "unsigned: what is signed is not that");
	a->level = (enum tardisk_acceptance)level;
	return -1;
}

/* -1 to go on, else the exit code. */
static int take_option(struct attest *a, struct key_options *o, int c)
{
	switch (c) {
	case 'k':
		o->key = optarg;
		return -1;
	case 'c':
		o->cert = optarg;
		return -1;
	case OPT_TIME:
		o->time = optarg;
		return -1;
	case 'n':
		a->name = optarg;
		return -1;
	case 'v':
		a->version = optarg;
		return -1;
	case 'l':
		return take_level(a, optarg);
	case 'h':
		return program_help(&self);
	default:
		return program_usage(&self, NULL);
	}
}

int verb_manifest(int argc, char **argv)
{
	struct attest a = { .level = TARDISK_CERTIFIED };
	struct key_options o = { 0 };
	struct err e = ERR_INIT;
	int c, rc;

	while ((c = getopt_long(argc, argv, "k:c:n:v:l:h", long_options, NULL)) != -1) {
		rc = take_option(&a, &o, c);
		if (rc >= 0)
			return rc;
	}
	if (!o.key || !o.cert || !a.name || !a.version || argc - optind != 1)
		return program_usage(&self, "a key, its certificate, name, version and one tardisk "
					    "are wanted");
	o.input = argv[optind];
	return run(&a, &o, &e) ? program_fail(&self, &e) : program_end(&self);
}
