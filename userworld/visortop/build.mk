# SPDX-License-Identifier: Apache-2.0
# Rates and rendering are a library, so that tests link just that.

libraries += top
top-src := $(addprefix userworld/visortop/, csv.c rates.c render.c)

programs += visortop
visortop-src := $(addprefix userworld/visortop/, sample.c visortop.c)
visortop-lib := top visor
visortop-to := /usr/bin/visortop

unit-tests += top_test
top_test-src := tests/unit/top_test.c
top_test-lib := top visor
