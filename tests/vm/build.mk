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

# A module that damages memory, for the tests of the verify mode; never in an image.
flip-ko := $(O)/flip/flip.ko
$(flip-ko): tests/vm/flip/flip.c tests/vm/flip/Kbuild $(visorfs-ko)
	$(call say,KO,$@)
	@mkdir -p $(@D)
	@ln -sf $(abspath $(filter tests/%,$^)) $(@D)
	+$(Q)$(MAKE) -C $(vmkernel)/headers O= M=$(abspath $(@D)) CONFIG_DEBUG_INFO_BTF_MODULES= \
		$(if $(filter 1,$(V)),V=1,-s) modules
programs += exectool
exectool-src := $(wildcard tests/vm/exectool/*.c)
exectool-ldflags := -static
programs += reach
reach-src := $(wildcard tests/vm/reach/*.c)
reach-ldflags := -static
programs += stepkill
stepkill-src := tests/vm/stepkill.c
stepkill-lib := $(core-lib)
stepkill-ldlibs := $(core-ldlibs)
programs += memwatch
memwatch-src := tests/vm/memwatch.c
memwatch-ldflags := -static
programs += openloop
openloop-src := tests/vm/openloop.c
openloop-ldflags := -static
programs += asker
asker-src := tests/vm/asker.c
asker-ldflags := -static
