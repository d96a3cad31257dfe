# SPDX-License-Identifier: Apache-2.0
# libstate: the store of state on a medium, and what is in it (docs/media.md).

libraries += state
state-src := $(addprefix userworld/state/, apply.c cipher.c header.c pack.c record.c ring.c snapshot.c store.c \
	take.c unpack.c wipe.c write.c)

state-tests := store_test store_cut_test store_seal_test snapshot_test
unit-tests += $(state-tests)
$(foreach t,$(state-tests),$(eval $(t)-src := tests/unit/$(t).c $(cut-src))$(eval $(t)-lib := state medium visor)\
	$(eval $(t)-ldlibs := -lcrypto -larchive $(medium-ldlibs)))

fuzzers += state_fuzz
state_fuzz-src := tests/fuzz/state_fuzz.c
state_fuzz-lib := state medium visor
state_fuzz-ldlibs := -lcrypto -larchive
state_fuzz-options := -max_len=4096
