# SPDX-License-Identifier: Apache-2.0
# The pure core is a library of its own, so that tests link just that.

libraries += world
world-src := $(addprefix userworld/supervisor/, config.c machine.c policy.c)

programs += supervisor
supervisor-src := $(addprefix userworld/supervisor/, adopt.c control.c engine.c hotplug.c hwdog.c jit.c limits.c load.c output.c \
	pool.c probe.c record.c settle.c spawn.c supervisor.c trouble.c world.c)
supervisor-lib := world pool visor
supervisor-ldflags := -static
supervisor-to := /usr/sbin/supervisor

unit-tests += machine_test policy_test world_conf_test
machine_test-src := tests/unit/machine_test.c
machine_test-lib := world pool visor
policy_test-src := tests/unit/policy_test.c
policy_test-lib := world pool visor
world_conf_test-src := tests/unit/world_conf_test.c
world_conf_test-lib := world pool visor

golden-tests += tests/golden/userworlds/run
