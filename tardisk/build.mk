# SPDX-License-Identifier: Apache-2.0

# The reader (the first three files) is also part of the kernel module.
libraries += tardisk
tardisk-src := tardisk/tar.c tardisk/volume.c tardisk/seek.c \
	tardisk/open.c tardisk/index.c tardisk/check.c tardisk/digest.c tardisk/sha256.c \
	tardisk/tree.c tardisk/tree_rules.c tardisk/scan.c \
	tardisk/layout.c tardisk/frames.c tardisk/writer.c

programs += mktardisk
mktardisk-src := tardisk/mktardisk.c tardisk/tarin.c tardisk/list.c tardisk/extract.c \
	tardisk/output.c
mktardisk-lib := tardisk visor
mktardisk-ldlibs := -larchive -lzstd -lcrypto
