// SPDX-License-Identifier: Apache-2.0
#include "source_cfg.h"

int boot_source_cfg(struct boot_source *s, const char *text, size_t len, struct err *e)
{
	if (bootcfg_parse(text, len, &s->cfg, e) < 0)
		return err_wrap(e, "%s", s->folder);
	if (s->cfg.self_bad)
		return err_set(e, ERR_INVALID, "%s" BOOTCFG_FILE ": is not what its digest says",
			       s->folder);
	if (!s->cfg.has_digests || !*s->cfg.build || !*s->cfg.kernel)
		return err_set(e, ERR_INVALID,
			       "%s" BOOTCFG_FILE ": names no kernel, no build or no digests: it "
			       "cannot be installed",
			       s->folder);
	return 0;
}

int boot_source_measure(struct boot_source *s,
			int (*measure)(struct boot_source *s, size_t i, struct err *e),
			struct err *e)
{
	s->n_image = 1 + s->cfg.n_modules;
	for (size_t i = 0; i < s->n_image; i++)
		if (measure(s, i, e) < 0)
			return -1;
	return 0;
}
