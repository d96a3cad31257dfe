# SPDX-License-Identifier: Apache-2.0
# The tech support shell. Editing and completion are a library, so that tests link just that.

libraries += tsmline
tsmline-src := $(addprefix userworld/tsm/, complete.c edit.c pool.c)

programs += tsm
tsm-src := $(addprefix userworld/tsm/, front.c tsm.c)
tsm-lib := tsmline pool visor
tsm-to := /usr/bin/tsm
image-files += userworld/tsm/tsm.conf:/etc/tsm.conf userworld/tsm/shellrc:/usr/lib/visoros/shellrc \
	userworld/tsm/commands:/usr/lib/visoros/commands

unit-tests += tsm_test
tsm_test-src := tests/unit/tsm_test.c
tsm_test-lib := tsmline pool visor
