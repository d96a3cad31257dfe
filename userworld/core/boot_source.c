// SPDX-License-Identifier: Apache-2.0
#include "boot_source.h"

#include "boot_source_url.h"
#include "userworld/bank/copy.h"

int boot_source_bank(struct boot_source *s, const struct banks *banks, struct err *e)
{
	unsigned int running = banks->medium.bank;
	const struct bank *from = &banks->bank[running];
	int bad;

	if (!from->there || !from->cfg.has_digests)
		return err_set(e, ERR_CONFLICT,
			       "bank %u, which this host was started from, cannot be copied: %s",
			       running,
			       from->there ? "its boot.cfg has no digests" : from->why_not);
	if (from->cfg.state != BANK_VALID)
		return err_set(e, ERR_CONFLICT,
			       "the running image is %s: it can be installed when it is confirmed "
			       "(system boot bank confirm)",
			       bank_state_name(from->cfg.state));
	s->io = banks_open(banks, running, false, e);
	if (!s->io)
		return -1;
	bad = bank_verify(s->io, from, NULL, NULL, e);
	if (bad > 0)
		return err_set(e, ERR_CONFLICT,
			       "bank %u, which this host was started from: %d of its files are not "
			       "good (system boot bank verify)",
			       running, bad);
	s->cfg = from->cfg;
	s->bank = (int)running;
	if (bad < 0 || fat_open(&s->fat, s->io, e) < 0)
		return -1;
	return bank_copy_sizes(&s->fat, &s->cfg, 1 + s->cfg.n_modules, s->sizes, e);
}

int boot_source_files(struct boot_source *s, struct bank_write *w, struct err *e)
{
	for (size_t i = 0; bootcfg_file(&s->cfg, i); i++)
		if ((s->bank < 0 ? boot_source_fetch(s, i, w, e)
				 : bank_copy_file(&s->fat, &s->cfg, i, w, e)) < 0)
			return -1;
	return 0;
}

void boot_source_close(struct boot_source *s)
{
	blkio_close(s->io);
	s->io = NULL;
}
