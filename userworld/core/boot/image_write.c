// SPDX-License-Identifier: Apache-2.0
#include "image_write.h"

#include "progress.h"
#include "userworld/bank/write.h"

static int add(void *context, const void *data, size_t len, struct err *e)
{
	return bank_write_add(context, data, len, e);
}

/* Only a bundle that is good to its last byte comes as far as the flip. */
static int copy(struct bundle *b, struct bank_write *w, const struct bundle_image *bundles,
		struct err *e)
{
	for (size_t i = 0; i < bundle_descriptor(b)->n_payloads; i++)
		if (bundle_stream_payload(b, add, w, e) < 0)
			return -1;
	if (bundle_finish(b, e) < 0 || bundle_image_write(bundles, w, e) < 0)
		return -1;
	return bank_write_end(w, BANK_UPGRADING, e);
}

int image_write(struct bundle *b, struct blkio *io, const struct image_plan *p,
		const struct bundle_image *bundles, bool *touched, struct err *e)
{
	struct progress progress;
	struct bank_write *w;
	int rc;

	*touched = false;
	if (bank_write_fits(io->size, io->sector, &p->cfg, p->sizes, e) < 0)
		return -1;
	*touched = true;
	io = progress_files(&progress, io, p->sizes, 1 + p->cfg.n_modules, 3);
	if (bank_write_start(&w, io, &p->cfg, p->sizes, e) < 0)
		return -1;
	rc = copy(b, w, bundles, e);
	bank_write_free(w);
	return rc;
}
