# SPDX-License-Identifier: Apache-2.0
#
# Boot media (docs/media.md):
#
#   $(O)/media/visoros.img    a stick or disk: banks, state, GRUB for BIOS and UEFI

golden-tests += tests/golden/media/run

media := $(O)/media
mkcore := images/media/mkcore

##@ Media
#: usb             an image for a stick or disk, BIOS and UEFI: $(O)/media/visoros.img
.PHONY: usb
usb: $(media)/visoros.img

define media-config
set timeout=$(CONFIG_MEDIA_TIMEOUT)
set serial_speed=$(CONFIG_MEDIA_SERIAL_SPEED)
endef

$(media)/config.cfg: FORCE
	$(call write-text,$(media-config))

grub = images/media/grub/$(1).cfg
disk-scripts := $(foreach s,disk terminal banks load recovery,$(call grub,$(s))) $(media)/config.cfg

$(media)/disk.core: $(mkcore) $(disk-scripts) | $(media-deps)
	$(call say,GRUB,$@)
	$(Q)$(mkcore) i386-pc $@ $(disk-scripts)
$(media)/disk.efi: $(mkcore) $(disk-scripts) | $(media-deps)
	$(call say,GRUB,$@)
	$(Q)$(mkcore) x86_64-efi $@ $(disk-scripts)
$(media)/disk.esp: images/media/mkfat $(media)/disk.efi | $(media-deps)
	$(Q)$< $@ 16384 VISOROS-ESP EFI/BOOT/BOOTX64.EFI=$(media)/disk.efi

# What boot.cfg names, and boot.cfg itself, which comes first. The other bank is empty.
boot-files := boot.cfg vmlinuz stage0.img $(tardisks:%=%.v00)
mkbank = images/media/mkfat $@ $$(($(CONFIG_MEDIA_BANK_MB) * 1024)) VISOROS
$(media)/bank0.fat: images/media/mkfat $(boot)/boot.cfg $(O)/config/auto.conf | $(media-deps)
	@mkdir -p $(@D)
	$(Q)$(mkbank) $(foreach f,$(boot-files),$(f)=$(boot)/$(f))
$(media)/bank1.fat: images/media/mkfat $(O)/config/auto.conf | $(media-deps)
	@mkdir -p $(@D)
	$(Q)$(mkbank)

$(media)/visoros.img: images/media/mkdisk $(media)/disk.core $(media)/disk.esp $(media)/bank0.fat $(media)/bank1.fat
	$(call say,DISK,$@)
	$(Q)$< $@ $(wordlist 2,9,$^)
