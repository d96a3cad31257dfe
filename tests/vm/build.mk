# SPDX-License-Identifier: Apache-2.0
# Programs that tests bring into the guest.
programs += vfstool fsmodel logflood
vfstool-src := tests/vm/vfstool.c
vfstool-lib := visor
vfstool-ldflags := -static
fsmodel-src := tests/vm/fsmodel.c
fsmodel-ldflags := -static
logflood-src := tests/vm/logflood.c
logflood-ldflags := -static
programs += posixtool
posixtool-src := $(wildcard tests/vm/posix/*.c)
posixtool-ldflags := -static
programs += fsx
fsx-src := $(wildcard tests/vm/fsx/*.c)
fsx-ldflags := -static
programs += ramtool
ramtool-src := tests/vm/ramtool.c
ramtool-ldflags := -static
programs += switchrace
switchrace-src := tests/vm/switchrace.c
switchrace-lib := visor
switchrace-ldflags := -static
