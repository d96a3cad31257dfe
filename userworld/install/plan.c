// SPDX-License-Identifier: Apache-2.0
#include "write.h"

#define MIB (1ull << 20)

static uint64_t whole_mib(uint64_t bytes)
{
	return (bytes + MIB - 1) / MIB * MIB;
}

/* All but the bank that stays empty is written once and read once. */
static uint64_t transfer(const struct install_layout *layout, const struct install_image *image)
{
	uint64_t once = layout->edge + layout->bios + layout->esp + layout->state;

	for (size_t i = 0; i <= image->cfg->n_modules; i++)
		once += image->sizes[i];
	return 2 * once;
}

int install_plan(struct install_plan *plan, const struct install_layout *layout, uint64_t size,
		 unsigned int sector, const struct install_image *image, struct err *e)
{
	const uint64_t sizes[MEDIUM_PARTS] = { layout->bios, layout->esp, layout->state,
					       layout->bank, layout->bank };
	uint64_t next = INSTALL_EDGE;

	if (sector != GPT_SECTOR)
		return err_set(e, ERR_INVALID,
			       "sectors of %u bytes: only disks with sectors of %d can be "
			       "installed to",
			       sector, GPT_SECTOR);
	plan->edge = layout->edge;
	plan->disk = size / GPT_SECTOR * GPT_SECTOR;
	plan->transfer = transfer(layout, image);
	for (int i = 0; i < MEDIUM_PARTS; i++) {
		plan->part[i].at = next;
		plan->part[i].size = sizes[i];
		next += whole_mib(sizes[i]);
	}
	if (next + INSTALL_EDGE > size)
		return err_set(e, ERR_NO_SPACE,
			       "too small: %llu bytes are needed, it has %llu, %llu are "
			       "missing",
			       (unsigned long long)(next + INSTALL_EDGE), (unsigned long long)size,
			       (unsigned long long)(next + INSTALL_EDGE - size));
	return bank_write_fits(layout->bank, sector, image->cfg, image->sizes, e);
}
