# SPDX-License-Identifier: Apache-2.0
# libvisor: what every userworld stands on. libc only, so that the last-line
# programs (init, supervisor, oomd, vmklogger) can be static.

libraries += visor
visor-src := $(addprefix userworld/lib/, cgroup.c conf.c conf_edit.c dirscan.c line_edit.c err.c event_head.c event_line.c event_type.c file.c hostname.c human.c kargs.c keymap.c log.c \
	program.c program_options.c ready.c unixsock.c utc.c vfsctl.c vfslist.c vfsowners.c vfsverify.c worldctl.c)

unit-tests += err_test conf_test file_test cgroup_test hostname_test human_test kargs_test worldctl_test vfslist_test event_type_test utc_test
$(foreach t,err conf file cgroup hostname human kargs worldctl vfslist event_type utc,$(eval $(t)_test-src := tests/unit/$(t)_test.c)$(eval $(t)_test-lib := visor))

include $(wildcard userworld/*/build.mk)
