// SPDX-License-Identifier: Apache-2.0
/* bundle revoke: signs a list of what is trusted no longer. */
#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
#include "file.h"
#include "key.h"
#include "tardisk/output.h"
#include "tardisk/trust/cms.h"
#include "tardisk/trust/revocation.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle revoke",
	.usage = "-k KEY -c FILE [--time TIME] [-o FILE] LIST",
	.help = KEY_HELP "  -h, --help\n"
			 "LIST is a JSON file, see revocation(5).\n",
};

static int write_list(const char *path, const void *data, size_t len, struct err *e)
{
	struct output out = { -1, NULL, NULL };
	int rc = output_open(&out, path, e);

	if (!rc && fd_write_all(out.fd, data, len))
		rc = err_sys(e, errno, "%s", out.path);
	if (!rc)
		rc = output_commit(&out, e);
	output_close(&out);
	return rc;
}

static int revoke_list(const struct key_options *o, struct err *e)
{
	_cleanup_(key_free) struct key k = { 0 };
	_cleanup_free_ unsigned char *der = NULL;
	_cleanup_free_ char *text = NULL;
	struct revocation list;
	size_t len, der_len;

	if (file_read(o->input, REVOCATION_MAX, &text, &len, e))
		return -1;
	if (revocation_parse(text, len, &list, e))
		return err_wrap(e, "%.200s", o->input);
	revocation_free(&list);
	if (key_load(&k, o, e) || cms_sign(k.certificate, k.private, k.others, text, len, k.time,
					   true, &der, &der_len, e))
		return -1;
	return write_list(o->output, der, der_len, e);
}

int verb_revoke(int argc, char **argv)
{
	struct key_options o = { 0 };
	struct err e = ERR_INIT;
	int rc = key_arguments(&self, argc, argv, &o);

	if (rc >= 0)
		return rc;
	return revoke_list(&o, &e) ? program_fail(&self, &e) : program_end(&self);
}
