# SPDX-License-Identifier: Apache-2.0

# The reader (the first three files) is also part of the kernel module.
libraries += tardisk
tardisk-src := tardisk/tar.c tardisk/volume.c tardisk/seek.c \
	tardisk/open.c tardisk/index.c tardisk/check.c tardisk/digest.c tardisk/sha256.c \
	tardisk/tree.c tardisk/tree_rules.c tardisk/scan.c \
	tardisk/layout.c tardisk/frames.c tardisk/writer.c

programs += mktardisk
mktardisk-src := tardisk/mktardisk.c tardisk/tarin.c tardisk/list.c tardisk/extract.c \
	tardisk/output.c
mktardisk-lib := tardisk visor
mktardisk-ldlibs := -larchive -lzstd -lcrypto

# Link with $(bundle-lib) and $(bundle-ldlibs). libarchive is static, as the shared one
# drags in libxml2 and ICU (35 MB); --gc-sections leaves of it the ar format only.
libraries += bundle
bundle-src := tardisk/bundle_read.c tardisk/bundle_write.c tardisk/bundle_check.c \
	tardisk/descriptor.c tardisk/descriptor_format.c tardisk/descriptor_payload.c \
	tardisk/relation.c
bundle-lib := bundle tardisk visor
bundle-ldlibs := -l:libarchive.a -ljansson -lzstd -lcrypto

unit-tests += tar_test seek_test writer_test
tar_test-src := tests/unit/tar_test.c tests/unit/tar_sample.c
tar_test-lib := tardisk visor
tar_test-ldlibs := -lzstd -lcrypto
seek_test-src := tests/unit/seek_test.c
seek_test-lib := tardisk
writer_test-src := tests/unit/writer_test.c tests/unit/tar_sample.c
writer_test-lib := tardisk visor
writer_test-ldlibs := -lzstd -lcrypto

# Fuzzers: libFuzzer needs clang. The corpus holds inputs that once opened a new path.
FUZZ_CC ?= clang
FUZZ_RUNS ?= 200000
FUZZ_FLAGS := -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -g -O1

$(O)/fuzz/tar_fuzz: tests/fuzz/tar_fuzz.c tardisk/tar.c tardisk/volume.c tardisk/seek.c \
		tardisk/tar.h tardisk/raw.h
	$(call say,FUZZ CC,$@)
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_FLAGS) -o $@ $(filter %.c,$^)

##@ Tests
#: fuzz-tar        fuzz the tardisk parser (FUZZ_RUNS=200000)
#: fuzz-bundle     fuzz the bundle reader (FUZZ_RUNS=200000)
.PHONY: fuzz-tar fuzz-bundle
fuzz-tar fuzz-bundle: fuzz-%: $(O)/fuzz/%_fuzz
	@mkdir -p $(O)/fuzz/corpus/$*
	$(call say,FUZZ,$* $(FUZZ_RUNS) runs)
	$(Q)cd $(O)/fuzz && ./$*_fuzz -runs=$(FUZZ_RUNS) -max_len=16384 -verbosity=0 \
		corpus/$* $(CURDIR)/tests/fuzz/corpus/$*
