# SPDX-License-Identifier: Apache-2.0

libraries += vdftable
vdftable-src := userworld/vdf/table.c

programs += vdf
vdf-src := userworld/vdf/vdf.c
vdf-lib := vdftable visor
vdf-to := /usr/bin/vdf

unit-tests += vdf_test
vdf_test-src := tests/unit/vdf_test.c
vdf_test-lib := vdftable visor
