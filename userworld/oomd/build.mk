# SPDX-License-Identifier: Apache-2.0
# The pure core is a library, so that tests link just that.

libraries += oom
oom-src := $(addprefix userworld/oomd/, decide.c pick.c settings.c)

programs += oomd
oomd-src := $(addprefix userworld/oomd/, arm.c gauge.c kill.c oomd.c purge.c reclaim.c release.c scan.c watch.c)
oomd-lib := oom visor
oomd-ldflags := -static
oomd-to := /usr/sbin/oomd
image-files += userworld/oomd/oomd.conf:/etc/oomd.conf

# What it is tested against; only development images have it.
programs += membomb
membomb-src := tests/vm/bombs/membomb.c
ifeq ($(CONFIG_IMAGE_DEVELOPMENT),y)
membomb-to := /usr/lib/visoros/tests/membomb
endif

unit-tests += oom_test
oom_test-src := tests/unit/oom_test.c
oom_test-lib := oom visor
