// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/boot_medium.h"

#include <stdio.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"

void boot_medium_make(void)
{
	char command[700];
	FILE *f;

	snprintf(
		command, sizeof(command),
		"cd %s && mkdir -p sys/block/vda/device sys/block/vda/vda4 sys/block/vda/vda5 "
		"sys/fs/visorfs/0/tardisks dev "
		"run/visoros && "
		"echo 4 > sys/block/vda/vda4/partition && echo 5 > sys/block/vda/vda5/partition && "
		"truncate -s 32M dev/vda && truncate -s %u dev/vda4 dev/vda5 && /sbin/sfdisk -q "
		"dev/vda",
		tree_path(""), SAMPLE_SIZE);
	f = popen(command, "w");
	assert_non_null(f);
	fputs("label: gpt\nstart=2048, size=2048, name=VISOROS-BIOS\nsize=2048, name=VISOROS-ESP\n"
	      "size=2048, name=VISOROS-STATE\nsize=8192, name=VISOROS-BANK0, uuid=" BOOT_MEDIUM_GUID
	      "aaaa\nsize=8192, name=VISOROS-BANK1, uuid=" BOOT_MEDIUM_GUID "bbbb\n",
	      f);
	assert_int_equal(pclose(f), 0);
}

struct blkio *boot_medium_open(unsigned int bank)
{
	struct blkio *io = blkio_open(tree_path(bank ? "/dev/vda5" : "/dev/vda4"), true, NULL);

	assert_non_null(io);
	return io;
}

void boot_medium_put(unsigned int bank, unsigned int number, int state)
{
	struct blkio *io = boot_medium_open(bank);
	struct err e = ERR_INIT;
	struct sample s;

	sample_make(&s, number);
	if (sample_write(&s, io, state, &e) < 0)
		fail_msg("%s", e.text);
	sample_free(&s);
	blkio_close(io);
}

void boot_medium_clear(unsigned int bank)
{
	static const char zero[SAMPLE_SIZE];
	struct blkio *io = boot_medium_open(bank);

	assert_int_equal(blkio_write(io, zero, sizeof(zero), 0, NULL), 0);
	blkio_close(io);
}
