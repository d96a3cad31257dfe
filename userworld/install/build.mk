# SPDX-License-Identifier: Apache-2.0
# libinstall: a disk becomes a medium with an image.

libraries += install
install-src := $(addprefix userworld/install/, answers.c answers_check.c answers_disk.c gpt.c gpt_copy.c gpt_mend.c gpt_move.c grow_plan.c grow_write.c loader.c plan.c skeleton.c write.c)

image-files += userworld/install/autoinstall:/usr/lib/visoros/autoinstall:0755

install-tests := gpt_test gpt_mend_test grow_test loader_test install_answers_test install_cut_test
unit-tests += $(install-tests)
# Expanded later: userworld/medium/build.mk comes after this one.
$(foreach t,$(install-tests),$(eval $(t)-src = tests/unit/$(t).c tests/unit/bank_sample.c $$(cut-src))\
	$(eval $(t)-lib := install bank medium tardisk syslog visor)$(eval $(t)-ldlibs = $$(medium-ldlibs) -lzstd -lcrypto -lz))
