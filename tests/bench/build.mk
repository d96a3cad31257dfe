# SPDX-License-Identifier: Apache-2.0
#
# visorfs beside other file systems, in instructions (docs/benchmarks.md).

fsbench := $(O)/bin/fsbench
fsbench-objs := $(call objs,tests/bench/fsbench.c tests/bench/rows.c)
-include $(fsbench-objs:.o=.d)

# Not one of $(programs): only this target wants it.
$(fsbench): $(fsbench-objs)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -static -o $@ $^ -lzstd

bench-deps := $(O)/deps/bench-$(deps-sum)
bench-content := $(O)/bench/disk.tar

##@ Test
#: bench           measure visorfs and its peers; writes docs/benchmarks.md
.PHONY: bench
bench: image $(fsbench) $(bench-content)
	@nice -n 10 tests/bench/run --out $(O)
	@tests/bench/report $(O)/bench/results.json > docs/benchmarks.md

$(bench-content): tests/bench/content $(mktardisk) $(vmkernel-stamp) | $(bench-deps)
	@tests/bench/content $(O) $(vmkernel)/modules
