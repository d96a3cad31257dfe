# SPDX-License-Identifier: Apache-2.0
# The pure core is a library of its own, so that tests link just that.

libraries += world
world-src := $(addprefix userworld/supervisor/, config.c machine.c policy.c)

programs += supervisor
supervisor-src := $(addprefix userworld/supervisor/, adopt.c control.c engine.c load.c output.c \
	pool.c record.c settle.c spawn.c supervisor.c world.c)
supervisor-lib := world visor
supervisor-ldflags := -static
supervisor-to := /usr/sbin/supervisor
