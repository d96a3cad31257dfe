# SPDX-License-Identifier: Apache-2.0
#
# The image as one signed EFI program, for Secure Boot (docs/trust.md):
#
#   $(O)/keys/secureboot     the keys of a machine, and files that enroll them
#   $(boot)/visoros.efi      kernel, command line and boot modules, signed

golden-tests += tests/golden/secureboot/run

secureboot := $(O)/keys/secureboot
uki := $(if $(CONFIG_IMAGE_UKI),$(boot)/visoros.efi)

# Who signs it, and the modules that the kernel's maker has not signed: a key of one's
# own, or one made for this checkout.
uki-cert-own := $(call config,IMAGE_SECUREBOOT_CERT)
uki-key := $(or $(call config,IMAGE_SECUREBOOT_KEY),$(secureboot)/db.key)
uki-cert := $(or $(uki-cert-own),$(secureboot)/db.crt)
uki-keys := $(if $(CONFIG_IMAGE_UKI),$(secureboot)/PK.auth $(uki-cert-own))

$(secureboot)/PK.auth: $(uki-cert-own) $(O)/config/auto.conf | images/trust/mksecureboot $(build-deps)
	$(call say,KEY,$(@D))
	$(Q)images/trust/mksecureboot $(@D) $(uki-cert-own)

# A kernel that is locked down loads modules only if the signature leads to one of its own
# keys or to one of the firmware's: $(call sign-modules,FILE...)
sign-modules = $(if $(CONFIG_IMAGE_UKI),images/uefi/sign-modules $(vmkernel)/headers/scripts/sign-file \
	$(uki-key) $(uki-cert) $(1))

define os-release
NAME="VisorOS"
PRETTY_NAME="VisorOS $(version)"
ID=visoros
VERSION_ID="$(version)"
BUILD_ID="$(build)"
endef

$(O)/images/os-release: FORCE
	$(call write-text,$(os-release))

mkuki = images/uefi/mkuki --osrel $(O)/images/os-release --key $(uki-key) --cert $(uki-cert)

$(boot)/visoros.efi: images/uefi/mkuki $(boot)/boot.cfg $(O)/images/os-release $(uki-keys)
	$(call say,UKI,$@)
	$(Q)$(mkuki) $(boot)/boot.cfg $@
