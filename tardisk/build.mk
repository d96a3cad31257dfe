# SPDX-License-Identifier: Apache-2.0

# The reader (the first six files) is also part of the kernel module.
libraries += tardisk
tardisk-src := tardisk/tar.c tardisk/volume.c tardisk/seek.c tardisk/digests.c \
	tardisk/manifest.c tardisk/signer.c tardisk/attest.c \
	tardisk/open.c tardisk/index.c tardisk/check.c tardisk/content.c tardisk/sha256.c \
	tardisk/tree.c tardisk/tree_rules.c tardisk/scan.c \
	tardisk/layout.c tardisk/frames.c tardisk/seal.c tardisk/writer.c

programs += mktardisk
mktardisk-src := tardisk/mktardisk.c tardisk/tarin.c tardisk/list.c tardisk/extract.c \
	tardisk/options.c tardisk/output.c
mktardisk-lib := tardisk visor
mktardisk-ldlibs := -larchive -lzstd -lcrypto

# Signatures, roots and revocations. "trust" stands before "bundle".
libraries += trust
trust-src := $(addprefix tardisk/trust/, chain.c cms.c level.c revocation.c store.c)

# A program with libbundle links "bundle tardisk visor" and $(libbundle-ldlibs). libarchive is
# static, as the shared one drags in libxml2 and ICU (35 MB); --gc-sections leaves of it the
# ar format only.
libraries += bundle
bundle-src := tardisk/bundle_read.c tardisk/bundle_manifests.c tardisk/bundle_write.c tardisk/bundle_check.c \
	tardisk/bundle_content.c tardisk/bundle_contract.c \
	tardisk/descriptor.c tardisk/descriptor_field.c tardisk/descriptor_object.c \
	tardisk/descriptor_payload.c tardisk/descriptor_contract.c tardisk/descriptor_sbom.c tardisk/descriptor_hooks.c tardisk/descriptor_boot.c \
	tardisk/descriptor_format.c tardisk/relation.c \
	tardisk/depot_index.c tardisk/depot_format.c tardisk/depot_profile.c
libbundle-ldlibs := -l:libarchive.a -ljansson -lzstd -lcrypto

# The tool has the name of the library, so its rule is written out.
bundle-tool-objs := $(patsubst %,$(O)/obj/tardisk/%.o,bundle/main bundle/build bundle/contents \
	bundle/deb bundle/depot bundle/diff bundle/init bundle/template \
	bundle/extract bundle/image bundle/inspect bundle/lint bundle/lint_rules bundle/key bundle/manifest \
	bundle/revoke bundle/put bundle/sign bundle/verify bundle/stream options output)
$(O)/bin/bundle: $(bundle-tool-objs) $(patsubst %,$(O)/lib/lib%.a,trust bundle tardisk visor)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(libbundle-ldlibs)
programs: $(O)/bin/bundle
all-objs += $(bundle-tool-objs)

unit-tests += tar_test seek_test digests_test writer_test check_test frame_test
tar_test-src := tests/unit/tar_test.c tests/unit/tar_sample.c
tar_test-lib := tardisk visor
tar_test-ldlibs := -lzstd -lcrypto
seek_test-src := tests/unit/seek_test.c
seek_test-lib := tardisk
digests_test-src := tests/unit/digests_test.c
digests_test-lib := tardisk visor
digests_test-ldlibs := -lcrypto
writer-sample := tests/unit/writer_sample.c tests/unit/tar_sample.c
writer_test-src := tests/unit/writer_test.c $(writer-sample)
check_test-src := tests/unit/check_test.c $(writer-sample)
frame_test-src := tests/unit/frame_test.c $(writer-sample)
$(foreach t,writer check frame,$(eval $(t)_test-lib := tardisk visor))
$(foreach t,writer check frame,$(eval $(t)_test-ldlibs := -lzstd -lcrypto))

# The writer is no fuzzer's subject: namespace_fuzz has it make its tardisks.
$(patsubst %,$(O)/fuzz/tardisk/%.o,tree tree_rules layout seal): private FUZZCOVER :=

fuzzers += tar_fuzz
tar_fuzz-src := tests/fuzz/tar_fuzz.c tests/fuzz/headers.c
tar_fuzz-lib := tardisk

unit-tests += bundle_test
bundle_test-src := tests/unit/bundle_test.c tests/unit/bundle_sample.c
bundle_test-lib := bundle tardisk visor
bundle_test-ldlibs := -larchive -ljansson -lzstd -lcrypto

unit-tests += relation_test descriptor_test bundle_check_test
relation_test-src := tests/unit/relation_test.c
relation_test-lib := bundle visor
descriptor_test-src := tests/unit/descriptor_test.c
descriptor_test-lib := bundle tardisk visor
descriptor_test-ldlibs := -ljansson
bundle_check_test-src := tests/unit/bundle_check_test.c
bundle_check_test-lib := bundle tardisk visor
bundle_check_test-ldlibs := -ljansson

unit-tests += trust_test
trust_test-src := tests/unit/trust_test.c tests/unit/pki.c
trust_test-lib := trust bundle tardisk visor
trust_test-ldlibs := -ljansson -lcrypto

unit-tests += depot_test
depot_test-src := tests/unit/depot_test.c
depot_test-lib := bundle tardisk visor
depot_test-ldlibs := -ljansson -lcrypto

fuzzers += depot_fuzz
depot_fuzz-src := tests/fuzz/depot_fuzz.c
depot_fuzz-lib := bundle tardisk visor
depot_fuzz-ldlibs := -ljansson -lcrypto

fuzzers += trust_fuzz
trust_fuzz-src := tests/fuzz/trust_fuzz.c
trust_fuzz-lib := trust bundle tardisk visor
trust_fuzz-ldlibs := -ljansson -lcrypto

# Roots for trust_fuzz, and seeds that lead to them (tests/fuzz/trust_seeds.c).
trust-seeds-objs := $(patsubst %,$(O)/san/tests/%.o,fuzz/trust_seeds unit/pki)
trust-seeds: $(trust-seeds-objs) $(patsubst %,$(O)/lib/san/lib%.a,trust bundle tardisk visor)
	@mkdir -p $(O)/fuzz
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) -o $(O)/fuzz/trust_seeds $^ -ljansson -lcrypto -lcmocka
	$(Q)$(O)/fuzz/trust_seeds
.PHONY: trust-seeds
all-objs += $(trust-seeds-objs)

fuzzers += relation_fuzz
relation_fuzz-src := tests/fuzz/relation_fuzz.c
relation_fuzz-lib := bundle visor
relation_fuzz-options := -max_len=256

fuzzers += bundle_fuzz
bundle_fuzz-src := tests/fuzz/bundle_fuzz.c
bundle_fuzz-lib := bundle tardisk visor
bundle_fuzz-ldlibs := -larchive -ljansson -lzstd -lcrypto

golden-tests += tests/golden/tardisk/run
golden-tests += tests/golden/bundle/schema tests/golden/bundle/refused
image-files += tardisk/bundle.schema.json:/usr/share/visoros/bundle.schema.json

unit-tests += manifest_test signer_test
manifest_test-src := tests/unit/manifest_test.c
manifest_test-lib := tardisk visor
manifest_test-ldlibs := -lzstd -lcrypto
signer_test-src := tests/unit/signer_test.c tests/unit/pki.c
signer_test-lib := trust bundle tardisk visor
signer_test-ldlibs := -ljansson -lcrypto

fuzzers += manifest_fuzz
manifest_fuzz-src := tests/fuzz/manifest_fuzz.c
manifest_fuzz-lib := tardisk
