# SPDX-License-Identifier: Apache-2.0
# libvisor: what every userworld stands on. libc only, so that the last-line
# programs (init, supervisor, oomd, vmklogger) can be static.

libraries += visor
visor-src := $(addprefix userworld/lib/, cgroup.c conf.c conf_edit.c line_edit.c err.c file.c human.c kargs.c log.c \
	program.c program_options.c ready.c unixsock.c vfsctl.c vfslist.c vfsowners.c vfsverify.c worldctl.c)

unit-tests += err_test conf_test file_test cgroup_test human_test kargs_test worldctl_test vfslist_test
$(foreach t,err conf file cgroup human kargs worldctl vfslist,$(eval $(t)_test-src := tests/unit/$(t)_test.c)$(eval $(t)_test-lib := visor))

include $(wildcard userworld/*/build.mk)
