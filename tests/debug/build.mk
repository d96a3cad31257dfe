# SPDX-License-Identifier: Apache-2.0
#
# visorfs on a kernel that looks for mistakes (docs/testing.md).

programs += failnth
failnth-src := $(wildcard tests/debug/fail*.c)
failnth-ldflags := -static

debug := $(O)/debug
debug-ko := $(debug)/visorfs/visorfs.ko
DEBUG_SECONDS ?= 120

$(debug)/kernel/release: vmkernel/build vmkernel/packages.sh vmkernel/debug.config | $(build-deps) $(kernel-deps)
	$(Q)vmkernel/build $(call config,VMKERNEL_SERIES) vmkernel/debug.config $(debug)/kernel tiny

$(debug-ko): $(visorfs-sources) $(debug)/kernel/release
	$(call build-visorfs,$(debug)/kernel)

debug-run = tests/debug/run $(debug)/kernel/vmlinuz $(debug-ko) $(O)/bin $(debug)/$(1) $(2) \#$(1)

##@ Test
#: check-debug     visorfs on a debug kernel: load, and failing allocations (DEBUG_SECONDS=120)
.PHONY: check-debug
check-debug: $(debug-ko) $(addprefix $(O)/bin/,mktardisk vfstool fsmodel failnth ramtool) | $(check-deps)
	@tests/tally --limit 5400 debug $(check-results)-long '$(call debug-run,load,seconds=$(DEBUG_SECONDS) pool=1)' \
		'$(call debug-run,failing-allocations,fail=all)' \
		'$(call debug-run,failing-allocations-compressed,packed=all)'
