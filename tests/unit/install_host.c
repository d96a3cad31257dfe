// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/install_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/image.h"
#include "userworld/medium/blkio_part.h"
#include "userworld/state/store.h"

#define GUID "11111111-2222-4333-8444-55555555"

void install_host_run(const char *command)
{
	assert_int_equal(system(command), 0);
}

int install_host_setup(void **state)
{
	int rc = tree_setup(state);
	char size[16];

	snprintf(size, sizeof(size), "%u", SAMPLE_SIZE);
	setenv("SIZE", size, 1);
	setenv("T", tree_path(""), 1);
	install_host_run(
		"cd $T && mkdir -p dev run/visoros proc usr/lib/visoros/install "
		"sys/fs/visorfs/0/tardisks sys/class/block/vda4 "
		"&& "
		"for d in vda vdb vdc vdd vde; do mkdir -p sys/block/$d/device; echo 0 > "
		"sys/block/$d/ro; "
		"done; echo 1 > sys/block/vdd/ro; mkdir sys/block/vda/vda4 sys/block/vda/vda5 "
		"sys/block/vde/vde3; "
		"echo 4 | tee sys/block/vda/vda4/partition > sys/class/block/vda4/partition; "
		"echo 5 > sys/block/vda/vda5/partition; truncate -s 32M dev/vda; truncate -s $SIZE "
		"dev/vda4 "
		"dev/vda5; truncate -s 12M dev/vdb dev/vdd dev/vde; truncate -s 11M dev/vdc; "
		"for d in b c d e; do echo 24576 > sys/block/vd$d/size; done; "
		"echo VB-1 > sys/block/vdb/serial; echo 'Maker 1  ' > sys/block/vdb/device/model; "
		"echo "
		"65536 > sys/block/vda/size");
	install_host_run(
		"cd $T && printf 'label: gpt\\nstart=2048, size=2048, "
		"name=VISOROS-BIOS\\nsize=2048, "
		"name=VISOROS-ESP\\nsize=2048, name=VISOROS-STATE\\nsize=8192, name=VISOROS-BANK0, "
		"uuid=" GUID "aaaa\\nsize=8192, name=VISOROS-BANK1, uuid=" GUID "bbbb\\n' | "
		"/sbin/sfdisk -q dev/vda");
	install_host_run(
		"cd $T/usr/lib/visoros/install && printf 'bios = 8K\\nesp = 16K\\nstate = "
		"2M\\nbank = "
		"2304K\\n' > layout.conf && truncate -s 25088 disk && printf ESP | dd of=disk bs=1 "
		"seek=8704 conv=notrunc status=none && zstd -q disk -o disk.zst && rm disk");
	tree_write("/proc/cmdline", "quiet visoros.bank=" GUID "aaaa\n", 0644);
	return rc;
}

struct blkio *install_host_open(const char *path)
{
	struct blkio *io = blkio_open(tree_path(path), true, NULL);

	assert_non_null(io);
	return io;
}

void install_host_state(struct state_snapshot *s)
{
	struct blkio *io = install_host_open("/dev/vdb");
	struct state_store store = { 0 };
	enum state_store_kind kind;
	struct state_header h;
	struct blkio_part part;
	uint8_t *payload;

	blkio_part(&part, io, "state", STATE_AT, STATE_SIZE);
	assert_int_equal(state_store_open(&store, &part.io, NULL, &kind, NULL, NULL, NULL), 0);
	assert_int_equal(kind, STATE_STORE_READY);
	assert_int_equal(state_store_newest(&store, &h, &payload, NULL, NULL, NULL), 1);
	assert_int_equal(h.number, 1);
	assert_int_equal(h.format, STATE_FORMAT);
	assert_int_equal(state_snapshot_unpack(s, "state", payload, h.size, NULL), 0);
	state_store_close(&store);
	blkio_close(io);
	free(payload);
}

void install_host_running(int bank_state)
{
	struct blkio *io = install_host_open("/dev/vda4");
	struct sample s;

	sample_make(&s, 3);
	snprintf(s.cfg.options, sizeof(s.cfg.options),
		 "visoros.install=x quiet visoros.install=http://h/a?b=c xvisoros.install=y end");
	assert_int_equal(sample_write(&s, io, bank_state, NULL), 0);
	sample_free(&s);
	blkio_close(io);
}

bool install_host_untouched(const char *path)
{
	static char bytes[12 << 20];
	struct blkio *io = install_host_open(path);
	bool zero = true;

	assert_int_equal(blkio_read(io, bytes, io->size, 0, NULL), 0);
	for (uint64_t i = 0; i < io->size; i++)
		zero = zero && !bytes[i];
	blkio_close(io);
	return zero;
}

void install_host_empty(void)
{
	install_host_run("truncate -s 0 $T/dev/vdb && truncate -s 12M $T/dev/vdb");
}

bool install_host_has(struct blkio *io, const char *word)
{
	struct fat_file file;
	struct fat fat;
	char *bytes;
	bool has;

	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, BUNDLE_IMAGE_FILE, &file, NULL), 0);
	bytes = malloc(file.size);
	assert_non_null(bytes);
	assert_int_equal(fat_read(&fat, &file, 0, bytes, file.size, NULL), 0);
	has = memmem(bytes, file.size, word, strlen(word));
	free(bytes);
	return has;
}
