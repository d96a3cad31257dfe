# SPDX-License-Identifier: Apache-2.0
# Confirms the bank that the host was started from. The judgement is a library, so that tests link it.

libraries += judge
judge-src := userworld/bootwatch/judge.c

programs += bootwatch
bootwatch-src := $(addprefix userworld/bootwatch/, bootwatch.c look.c)
bootwatch-lib := judge bank medium tardisk visor
bootwatch-ldlibs := -lblkid -lcrypto
bootwatch-to := /usr/sbin/bootwatch

unit-tests += judge_test
judge_test-src := tests/unit/judge_test.c
judge_test-lib := judge visor
