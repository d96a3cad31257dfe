# SPDX-License-Identifier: Apache-2.0
#
# The tests (docs/testing.md). Each part can be run alone; "make check" runs all of
# them, goes on when one fails, and ends with the sum.

check-results := $(O)/check
check-parts := unit golden fuzz lint vm
FUZZ_SECONDS ?= 5
# Tests that need no machine run side by side, one for each processor.
TEST_JOBS ?= $(shell nproc)
FUZZ_RUNS_LONG ?= 10000000
FUZZ_SECONDS_LONG ?= 3600

##@ Test
#: check           everything below but check-long; ends with "N passed, N failed"
#: check-unit      unit tests, with address and undefined behaviour sanitizers
#: check-golden    output of the programs against text in tests/golden
#: check-fuzz      each fuzzer over its seeds and for some seconds (FUZZ_SECONDS=5)
#: check-lint      format, shell, man pages, sparse on the kernel module
#: check-vm        the image in a virtual machine; TEST=NAME picks tests (pytest -k)
#: check-long      ten million inputs for each fuzzer (FUZZ_RUNS_LONG), slow VM tests, check-debug
#: fuzzers         build all fuzzers
#: trust-seeds     make the roots and seeds of trust_fuzz anew
#: fuzz-seeds      make seeds of what the fuzzers found
#: fuzz-coverage   how much of each file the seeds reach
#: figures         measure image size, memory after boot and boot time
#: format          put all C files into the project's format
.PHONY: check $(addprefix check-,$(check-parts)) check-long fuzzers fuzz-seeds fuzz-coverage figures format

check: image $(all-unit-tests) $(all-fuzzers) | $(check-deps)
	@rm -rf $(check-results)
	@for part in $(check-parts); do \
		echo "== $$part"; $(MAKE) check-$$part || true; done
	@tests/tally --summary $(check-results)

check-unit: $(all-unit-tests) | $(check-deps)
	@ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
		tests/tally --jobs $(TEST_JOBS) unit $(check-results) $(all-unit-tests)

check-golden: programs $(visorfs-ko) | $(check-deps)
	@export O=$(O); tests/tally --jobs $(TEST_JOBS) golden $(check-results) $(golden-tests)

$(O)/fuzz/tests/fuzz/%.o: private FUZZCOVER :=

# Each fuzzer for so many inputs, at most so many seconds: $(call fuzz-commands,RUNS,SECONDS)
fuzz-commands = $(foreach f,$(fuzzers:_fuzz=),'O=$(O) tests/fuzz/run $(f) $(1) $(2) $($(f)_fuzz-options) #$(f)_fuzz')

fuzzers: $(all-fuzzers)

check-fuzz: $(all-fuzzers) | $(check-deps)
	@tests/tally --jobs $(TEST_JOBS) fuzz $(check-results) $(call fuzz-commands,0,$(FUZZ_SECONDS))

# What the fuzzers found in this folder's runs, and no seed reaches, becomes a seed.
fuzz-seeds: $(all-fuzzers)
	@$(foreach f,$(fuzzers:_fuzz=),O=$(O) tests/fuzz/run --merge $(f) $($(f)_fuzz-options);)

# The same fuzzers built to count the lines that the seeds reach.
fuzz-coverage: | $(check-deps)
	@$(MAKE) O=$(O)/coverage FUZZCOVER= \
		FUZZFLAGS='-O1 -fprofile-instr-generate -fcoverage-mapping' fuzzers
	@O=$(O)/coverage tests/fuzz/coverage $(fuzzers:_fuzz=)

check-lint: $(O)/gen/version.h $(O)/gen/config.h $(visorfs-ko) | $(check-deps)
	@O=$(O) tests/tally --jobs $(TEST_JOBS) lint $(check-results) $(patsubst %,'scripts/lint %',$(lint-checks))

lint-checks := format shell man python spdx sparse

# As many machines at once as there are processors, for a machine of one processor is emulated by one
# thread; more than four only compete for the disk. Tests of one file stay together: they share a host.
VM_WORKERS ?= $(shell n=$$(nproc); echo $$((n > 4 ? 4 : n)))

pytest := cd tests/vm && BOOT=$(abspath $(boot)) OUT=$(abspath $(O)) $(PYTHON) -m pytest -q -p no:cacheprovider
vm-result := $(abspath $(O))/check-vm
vm-picked = $(if $(TEST),-k '$(TEST)')

# $(call vm-run,PART,FOLDER,MARKS): the tests with these marks, spread over the workers, and what failed, if it is
# little, once more, one after the other.
define vm-run
@rm -f $(vm-result).xml $(vm-result)-alone.xml
@$(pytest) --junitxml=$(vm-result).xml -n $(VM_WORKERS) --dist loadfile -m '$(3)' $(vm-picked) || true
@mapfile -t failed < <(tests/tally --failed $(vm-result).xml); if [ $${#failed[@]} -gt 0 ]; then \
	echo "== vm, once more, alone"; $(pytest) --junitxml=$(vm-result)-alone.xml "$${failed[@]}" || true; fi
@tests/tally $(1) $(2) --junit $(vm-result).xml $(vm-result)-alone.xml
endef

# What tests in machines want, slow or not.
vm-wants := image usb iso pxe $(mktardisk) programs bundles $(flip-ko)

check-vm: $(vm-wants) | $(check-deps) $(browser-deps)
	$(call vm-run,vm,$(check-results),not slow)

check-long: $(vm-wants) qcow2 ova $(all-fuzzers) | $(check-deps) $(browser-deps) $(ansible-deps) $(snmp-deps)
	@rm -rf $(check-results)-long
	$(call vm-run,vm,$(check-results)-long,slow and not alone) || true
	@rm -f $(vm-result)-times.xml
	@$(pytest) --junitxml=$(vm-result)-times.xml -m 'slow and alone' $(vm-picked) || true
	@tests/tally times $(check-results)-long --junit $(vm-result)-times.xml none || true
	@rm -f $(O)/fuzz/reached
	@tests/tally --limit $$(($(FUZZ_SECONDS_LONG) + 300)) fuzz $(check-results)-long \
		$(call fuzz-commands,$(FUZZ_RUNS_LONG),$(FUZZ_SECONDS_LONG)) || true
	@sed 's/^/  /' $(O)/fuzz/reached
	@$(MAKE) check-debug || true
	@tests/tally --summary $(check-results)-long

figures: image
	@scripts/figures --boot $(boot)

format: | $(check-deps)
	@git ls-files '*.[ch]' ':!visorfs' | xargs clang-format-14 -i

-include tests/bench/build.mk
