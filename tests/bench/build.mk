# SPDX-License-Identifier: Apache-2.0
#
# visorfs beside other file systems (docs/benchmarks.md).

fsbench := $(O)/bin/fsbench
fsbench-objs := $(call objs,$(addprefix tests/bench/,fsbench.c jobs.c layers.c rows.c span.c \
	switch.c unzstd.c))
-include $(fsbench-objs:.o=.d)

# Not one of $(programs): only this target wants it.
$(fsbench): $(fsbench-objs)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -static -o $@ $^ -lzstd

bench-deps := $(O)/deps/bench-$(deps-sum)
bench-contents := $(patsubst %,$(O)/bench/%.tar,tree layers small many)

##@ Test
#: bench           measure visorfs and its peers; writes docs/benchmarks.md. ROWS="GROUP..."
#:                 and PEERS=NAME,... measure only these again (tests/bench/run --help)
.PHONY: bench
bench: image $(fsbench) $(bench-contents)
	@nice -n 10 tests/bench/run --out $(O) $(if $(PEERS),--peers $(PEERS)) $(ROWS)
	@tests/bench/report $(O)/bench/results.json > docs/benchmarks.md

#: bench-profile   functions that a row's instructions are spent in: PROFILE="visorfs walk walk"
#:                 (tests/bench/profile --help)
.PHONY: bench-profile
bench-profile: image $(fsbench) $(O)/bench/tree.tar $(O)/bench/insncount.so
	@tests/bench/profile --out $(O) $(PROFILE)

# Loaded into QEMU, which has the functions that it calls.
$(O)/bench/insncount.so: tests/bench/insncount.c
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -shared -fPIC -fvisibility=hidden -o $@ $<

$(O)/bench/%.tar: tests/bench/content tests/bench/manyfiles $(mktardisk) $(vmkernel-stamp) | $(bench-deps)
	@tests/bench/content $(O) $(vmkernel)/modules $*
