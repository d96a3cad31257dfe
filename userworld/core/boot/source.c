// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <string.h>

#include "bank_keep.h"
#include "boot.h"
#include "source_dir.h"
#include "source_url.h"
#include "version.h"
#include "userworld/bank/copy.h"
#include "userworld/core/bundle/install.h"
#include "userworld/core/fetch/fetch.h"
#include "userworld/core/internal.h"

int boot_source_bank(struct boot_source *s, const struct banks *banks, struct err *e)
{
	unsigned int running = banks->medium.bank;
	const struct bank *from = &banks->bank[running];

	if (!from->there || !from->cfg.has_digests || from->cfg.self_bad)
		return err_set(e, ERR_CONFLICT,
			       "bank %u, which this host was started from, cannot be copied: %s",
			       running,
			       !from->there	    ? from->why_not
			       : from->cfg.self_bad ? "its boot.cfg is damaged (system boot scrub)"
						    : "its boot.cfg has no digests");
	if (from->cfg.state != BANK_VALID)
		return err_set(e, ERR_CONFLICT,
			       "the running image is %s: it can be copied when it is confirmed "
			       "(system boot bank confirm)",
			       bank_state_name(from->cfg.state));
	s->io = banks_open(banks, running, false, e);
	if (!s->io)
		return -1;
	s->cfg = from->cfg;
	s->n_image = bank_keep_strip(&s->cfg);
	s->bank = (int)running;
	if (fat_open(&s->fat, s->io, e) < 0)
		return -1;
	return bank_copy_sizes(&s->fat, &s->cfg, s->n_image, s->sizes, e);
}

static int open_bank(struct boot_source *s, const struct banks *banks, struct err *e)
{
	int bad;

	if (boot_source_bank(s, banks, e) < 0)
		return -1;
	bad = bank_verify(s->io, &banks->bank[s->bank], NULL, NULL, e);
	if (bad > 0)
		return err_set(e, ERR_CONFLICT,
			       "bank %d, which this host was started from: %d of its files are not "
			       "good (system boot bank verify)",
			       s->bank, bad);
	return bad;
}

static int open_server(struct boot_source *s, struct err *e)
{
	char cmdline[KARGS_MAX], url[BOOT_SOURCE_URL];

	if (boot_cmdline(cmdline, e) < 0)
		return -1;
	if (kargs_value(cmdline, "visoros.boot", url, sizeof(url)) && fetch_is_url(url))
		return boot_source_url(s, url, e);
	return err_set(e, ERR_CONFLICT,
		       "this host was started from neither a bank nor a web server: the URL of a "
		       "folder with the image is needed (--image, or 'image' in answers)");
}

static int open_folder(struct boot_source *s, const char *url, struct err *e)
{
	char dir[CORE_PATH_MAX];

	if (*url != '/')
		return boot_source_url(s, url, e);
	return core_path(dir, e, CORE_ROOT, "%s", url) < 0 ? -1 : boot_source_dir(s, dir, url, e);
}

int boot_source_open(struct boot_source *s, const struct banks *banks, const char *url,
		     struct err *e)
{
	int rc = url ? open_folder(s, url, e) : banks ? open_bank(s, banks, e) : open_server(s, e);

	if (rc < 0)
		return -1;
	s->running = s->bank >= 0 || strcmp(s->cfg.build, VISOROS_VERSION "-" VISOROS_BUILD) == 0;
	return 0;
}

int boot_source_bundles(struct boot_source *s, const struct bundle_wanted *list, size_t n,
			struct err *e)
{
	if (!s->running && !n)
		return 0;
	if (!s->running) {
		err_set(e, ERR_CONFLICT,
			"image %s, which is to be installed, is not the one that runs here: "
			"whether "
			"bundles go with it is not known",
			s->cfg.build);
		return bundle_wanted_blame(&list[0], e);
	}
	if (bundle_image_load(&s->bundles, e) < 0 ||
	    bundle_image_bring(&s->bundles, list, n, e) < 0 ||
	    bundle_image_measure(&s->bundles, e) < 0)
		return -1;
	return bank_keep_add(&s->cfg, s->sizes, s->bundles.size, s->bundles.sha256, e);
}

static int give_file(struct boot_source *s, size_t i, struct bank_write *w, struct err *e)
{
	if (s->bank >= 0)
		return bank_copy_file(&s->fat, &s->cfg, i, w, e);
	return *s->dir ? boot_source_dir_file(s, i, w, e) : boot_source_fetch(s, i, w, e);
}

int boot_source_files(struct boot_source *s, struct bank_write *w, struct err *e)
{
	for (size_t i = 0; i < s->n_image; i++)
		if (give_file(s, i, w, e) < 0)
			return -1;
	return bundle_image_write(&s->bundles, w, e);
}

void boot_source_close(struct boot_source *s)
{
	bundle_image_free(&s->bundles);
	blkio_close(s->io);
	s->io = NULL;
}
