# SPDX-License-Identifier: Apache-2.0

libraries += vduusage
vduusage-src := userworld/vdu/usage.c

programs += vdu
vdu-src := userworld/vdu/vdu.c
vdu-lib := vduusage visor
vdu-to := /usr/bin/vdu

unit-tests += vdu_test
vdu_test-src := tests/unit/vdu_test.c
vdu_test-lib := vduusage visor
