// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/keeping.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/installed.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/bank.h"

void keeping_run(const char *command)
{
	char line[900];

	snprintf(line, sizeof(line), "cd %s && %s", tree_path(""), command);
	assert_int_equal(system(line), 0);
}

void keeping_install(const char *name, int order, const char *data)
{
	installed_put(name, order, data, "");
}

void keeping_start(int state)
{
	keeping_run("rm -rf var sys/fs && mkdir -p sys/fs/visorfs/0/tardisks var");
	boot_medium_clear(KEEPING_OTHER);
	tree_write("/proc/cmdline", "quiet visoros.bank=" BOOT_MEDIUM_GUID "AAAA\n", 0644);
	boot_medium_put(KEEPING_RUNNING, 2, state);
	installed_attach("base.v00", 1);
}

int keeping_setup(void **state)
{
	int rc = tree_setup(state);

	boot_medium_make();
	return rc;
}

void keeping_look(unsigned int bank, struct bank *b)
{
	struct blkio *io = boot_medium_open(bank);

	assert_int_equal(bank_look(io, b, NULL), 0);
	if (b->there)
		assert_int_equal(bank_verify(io, b, NULL, NULL, NULL), 0);
	blkio_close(io);
}

void keeping_write(void)
{
	struct err e = ERR_INIT;

	if (bundle_bank_write(&e) < 0)
		fail_msg("%s", e.text);
}
