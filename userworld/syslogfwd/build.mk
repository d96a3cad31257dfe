# SPDX-License-Identifier: Apache-2.0
# Addresses and messages are a library, so that tests and libcore link just that.

libraries += syslog
syslog-src := $(addprefix userworld/syslogfwd/, address.c message.c)

programs += syslogfwd
syslogfwd-src := $(addprefix userworld/syslogfwd/, datagram.c source.c status.c stream.c \
	syslogfwd.c target.c)
syslogfwd-lib := syslog vmklog visor
syslogfwd-ldlibs := -levent_openssl -levent_extra -levent_core -lssl -lcrypto
syslogfwd-to := /usr/sbin/syslogfwd

unit-tests += syslog_test
syslog_test-src := tests/unit/syslog_test.c
syslog_test-lib := syslog vmklog visor
