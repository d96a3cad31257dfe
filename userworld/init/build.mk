# SPDX-License-Identifier: Apache-2.0

programs += init
init-src := $(addprefix userworld/init/, guard.c init.c mounts.c setup.c shutdown.c)
init-lib := visor
init-ldflags := -static
init-to := /usr/sbin/init
image-files += userworld/init/sysctl.conf:/usr/lib/visoros/sysctl.conf
