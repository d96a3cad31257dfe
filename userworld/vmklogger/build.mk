# SPDX-License-Identifier: Apache-2.0
# Parsing, formatting and the files are a library, so that tests link just that.

libraries += vmklog
vmklog-src := $(addprefix userworld/vmklogger/, clock.c format.c logfile.c parse.c ring.c route.c settings.c spool.c)

programs += vmklogger
vmklogger-src := $(addprefix userworld/vmklogger/, clock_step.c dgram.c forward.c kernel.c output.c sink.c vmklogger.c)
vmklogger-lib := vmklog visor
vmklogger-ldflags := -static
vmklogger-to := /usr/sbin/vmklogger
image-files += userworld/vmklogger/vmklogger.conf:/etc/vmklogger.conf

unit-tests += vmklog_test logfile_test ring_test spool_test
vmklog_test-src := tests/unit/vmklog_test.c
vmklog_test-lib := vmklog visor
logfile_test-src := tests/unit/logfile_test.c
logfile_test-lib := vmklog visor
ring_test-src := tests/unit/ring_test.c
ring_test-lib := vmklog visor
spool_test-src := tests/unit/spool_test.c
spool_test-lib := vmklog visor
