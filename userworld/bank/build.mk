# SPDX-License-Identifier: Apache-2.0
# libbank: what is in a bank, which one is started, and how a new image gets into it.

libraries += bank
bank-src := $(addprefix userworld/bank/, bank.c banks.c bootcfg.c bootcfg_fix.c choice.c copy.c fat.c fat_folder.c fat_make.c layout.c mend.c mender.c trial.c verify.c write.c)

image-files += userworld/bank/bootscrub:/usr/lib/visoros/bootscrub:0755

bank-tests := bank_choice_test bank_mend_test bank_mend_cut_test bank_test bank_write_test fat_test trial_test
unit-tests += $(bank-tests)
# Expanded later: userworld/medium/build.mk comes after this one.
$(foreach t,$(bank-tests),$(eval $(t)-src = tests/unit/$(t).c tests/unit/bank_sample.c $$(cut-src))\
	$(eval $(t)-lib := bank medium tardisk visor)$(eval $(t)-ldlibs = $$(medium-ldlibs) -lzstd -lcrypto))

# Banks and state, as a medium has both.
unit-tests += flip_test
flip_test-src = tests/unit/flip_test.c tests/unit/bank_sample.c $(cut-src)
flip_test-lib := bank state medium tardisk visor
flip_test-ldlibs = $(medium-ldlibs) -larchive -lzstd -lcrypto

# Runs where images are built.
programs += mkbank
mkbank-src := userworld/bank/mkbank.c
mkbank-lib := bank medium tardisk visor
mkbank-ldlibs = $(medium-ldlibs) -lcrypto

fuzzers += bank_fuzz
bank_fuzz-src := tests/fuzz/bank_fuzz.c
bank_fuzz-lib := bank medium tardisk visor
bank_fuzz-ldlibs = $(medium-ldlibs) -lzstd -lcrypto
bank_fuzz-options := -max_len=16384
