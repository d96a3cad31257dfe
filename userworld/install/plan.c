// SPDX-License-Identifier: Apache-2.0
#include "write.h"

#define MIB (1ull << 20)
#define END \
	MIB /* behind the last partition: the table's second copy, and room for others' habits */

static uint64_t whole_mib(uint64_t bytes)
{
	return (bytes + MIB - 1) / MIB * MIB;
}

int install_plan(struct install_plan *plan, const struct install_layout *layout, uint64_t size,
		 unsigned int sector, const struct install_image *image, struct err *e)
{
	const uint64_t sizes[MEDIUM_PARTS] = { layout->bios, layout->esp, layout->state,
					       layout->bank, layout->bank };
	uint64_t next = GPT_FIRST * GPT_SECTOR;

	if (sector != GPT_SECTOR)
		return err_set(e, ERR_INVALID,
			       "its sectors have %u bytes: it can only be installed to disks with "
			       "sectors of %d",
			       sector, GPT_SECTOR);
	plan->disk = size / GPT_SECTOR * GPT_SECTOR;
	for (int i = 0; i < MEDIUM_PARTS; i++) {
		plan->part[i].at = next;
		plan->part[i].size = sizes[i];
		next += whole_mib(sizes[i]);
	}
	if (next + END > size)
		return err_set(e, ERR_NO_SPACE,
			       "it is too small: %llu bytes are needed, it has %llu, %llu are "
			       "missing",
			       (unsigned long long)(next + END), (unsigned long long)size,
			       (unsigned long long)(next + END - size));
	return bank_write_fits(layout->bank, sector, image->cfg, image->sizes, e);
}
