# SPDX-License-Identifier: Apache-2.0
# cutsweep: every cut of the power in a recorded run (docs/testing.md).
programs += cutsweep
cutsweep-src := $(addprefix tests/powercut/, cutsweep.c disk.c journal.c log.c sweep.c view.c)
cutsweep-lib := bank state medium tardisk visor
cutsweep-ldlibs = $(medium-ldlibs) -larchive -lzstd -lcrypto
golden-tests += tests/golden/powercut/run
