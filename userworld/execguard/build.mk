# SPDX-License-Identifier: Apache-2.0
# The guard is a program for the kernel (guard.bpf.c), carried by one that loads it. It is
# built without a kernel's headers: where its fields are is found out when it is loaded.

guard-deps := $(O)/deps/guard-$(deps-sum)
guard-object := $(O)/gen/guard.bpf.o

$(guard-object): userworld/execguard/guard.bpf.c userworld/execguard/guard.h | $(guard-deps)
	$(call say,BPF,$<)
	@mkdir -p $(@D)
	$(Q)clang-14 -target bpf -std=gnu11 -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror \
		-fdebug-prefix-map=$(CURDIR)=. -I/usr/include/$(shell $(CC) -print-multiarch) \
		-c -o $@ $<

$(O)/gen/execguard_object.h: $(guard-object)
	@{ echo 'static const unsigned char execguard_object[] __attribute__((aligned(8))) = {'; \
	   od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g'; echo '};'; } > $@

ifeq ($(CONFIG_IMAGE_EXECGUARD),y)
programs += execguard
execguard-src := $(addprefix userworld/execguard/, execguard.c load.c tell.c)
execguard-lib := visor
execguard-ldlibs := -lbpf -lelf -lz
execguard-ldflags := -static
execguard-to := /usr/sbin/execguard
$(O)/obj/userworld/execguard/load.o: $(O)/gen/execguard_object.h
# The header defines data, so its name is in the debugging information, which the ID of the build is made of.
$(O)/obj/userworld/execguard/load.o: private CFLAGS += -ffile-prefix-map=$(O)/=out/
$(O)/obj/userworld/execguard/tell.o: | $(guard-deps)
endif
