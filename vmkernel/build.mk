# SPDX-License-Identifier: Apache-2.0
#
# The kernel and our module for it. Everything about the kernel is found below
# $(O)/vmkernel: vmlinuz, headers, modules and release, all of one build.

vmkernel := $(O)/vmkernel
visorfs-ko := $(O)/visorfs/visorfs.ko

# One stamp for each choice, so that a change of the choice brings the other kernel.
vmkernel-stamp := $(vmkernel)/.is-$(call config,VMKERNEL_FLAVOUR)

$(vmkernel)/.is-source: vmkernel/build vmkernel/packages.sh vmkernel/config vmkernel/check | $(build-deps) $(kernel-deps)
	@rm -f $(vmkernel)/.is-*
	$(Q)vmkernel/build $(call config,VMKERNEL_SERIES) vmkernel/config $(vmkernel)
	$(Q)vmkernel/check $(vmkernel)
	@touch $@

$(vmkernel)/.is-%: vmkernel/fetch vmkernel/packages.sh vmkernel/check | $(build-deps)
	@rm -f $(vmkernel)/.is-*
	$(Q)vmkernel/fetch $(call config,VMKERNEL_SERIES) $* $(vmkernel)
	$(Q)vmkernel/check $(vmkernel)
	@touch $@

# Kbuild leaves its objects beside the sources: it gets a folder of links to them, and
# the module does not tell in which folder it was built.
visorfs-sources := $(shell find visorfs -name '*.[chS]' -o -path visorfs/Kbuild) \
	$(wildcard $(addprefix tardisk/,tar.c tar.h volume.c seek.c digests.c le.h raw.h manifest.c manifest.h \
		signer.c signer.h))

# The certificates that the module trusts (images/build.mk).
anchors := $(O)/keys/anchors.h
visorfs-sources += $(anchors)

# build-visorfs KERNEL: visorfs.ko in the folder of the target, for the kernel in that folder.
define build-visorfs
	$(call say,KO,$@)
	@mkdir -p $(@D)
	@find $(@D) -type l -delete
	@cp -rsfT $(CURDIR)/visorfs $(@D)
	@ln -sf $(filter $(CURDIR)/tardisk/%,$(abspath $(visorfs-sources))) $(abspath $(anchors)) $(@D)
	+$(Q)$(MAKE) -C $(1)/headers O= M=$(abspath $(@D)) CONFIG_DEBUG_INFO_BTF_MODULES= \
		KCFLAGS='-ffile-prefix-map=$(abspath $(@D))/=visorfs/ -ffile-prefix-map=$(abspath $(1))/=' \
		$(if $(filter 1,$(V)),V=1,-s) modules
endef

$(visorfs-ko): $(visorfs-sources) $(vmkernel-stamp)
	$(call build-visorfs,$(vmkernel))
	$(Q)vmkernel/check $(vmkernel) $@

##@ Build
#: kernel          fetch or build the configured kernel, and visorfs.ko for it
.PHONY: kernel
kernel: $(visorfs-ko)
