# SPDX-License-Identifier: Apache-2.0
# libmedium: the boot medium and its partitions, and block devices that are written for good.

libraries += medium
medium-src := $(addprefix userworld/medium/, blkio.c blkio_file.c blkio_part.c medium.c medium_read.c probe.c wake.c)
medium-ldlibs := -lblkid

# Tests of whatever writes to the medium: cut-src is a disk whose power is cut everywhere.
cut-src := tests/unit/powercut.c tests/unit/powercut_sweep.c tests/powercut/journal.c

unit-tests += powercut_test medium_test
powercut_test-src := tests/unit/powercut_test.c $(cut-src)
powercut_test-lib := medium visor
powercut_test-ldlibs := $(medium-ldlibs)
medium_test-src := tests/unit/medium_test.c
medium_test-lib := medium visor
medium_test-ldlibs := $(medium-ldlibs)
