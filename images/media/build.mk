# SPDX-License-Identifier: Apache-2.0
#
# Boot media (docs/media.md):
#
#   $(O)/media/visoros.img    a stick or disk: banks, state, GRUB for BIOS and UEFI
#   $(O)/media/visoros.qcow2  the same for a virtual machine
#   $(O)/media/visoros.ova    a virtual machine with that disk, to be imported
#   $(O)/media/visoros.iso    a CD: one image, no state
#   $(O)/media/visoros-V.vib  an image bundle, for the bank that does not run
#   $(O)/media/pxe            a folder for TFTP or HTTP: the same, GRUB and an iPXE script

golden-tests += tests/golden/media/run tests/golden/flash/run

media := $(O)/media
mkcore := images/media/mkcore

##@ Media
#: usb             an image for a stick or disk, BIOS and UEFI: $(O)/media/visoros.img
#: qcow2           the same as a disk of a virtual machine: $(O)/media/visoros.qcow2
#: ova             a virtual machine to be imported, as VMware's: $(O)/media/visoros.ova
#: iso             a CD, BIOS and UEFI: $(O)/media/visoros.iso
#: pxe             a folder for network boot, BIOS and UEFI: $(O)/media/pxe
#: update          the image as a bundle for "visorcli system boot update": $(O)/media/visoros-VERSION.vib
.PHONY: usb qcow2 ova iso pxe update
usb: $(media)/visoros.img
qcow2: $(media)/visoros.qcow2
ova: $(media)/visoros.ova
iso: $(media)/visoros.iso
update: $(media)/visoros-$(shell cat VERSION).vib
pxe: $(media)/pxe/boot.cfg

# What boot.cfg names, and boot.cfg itself, which comes first.
boot-files := boot.cfg vmlinuz stage0.img $(tardisks:%=%.v00)

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
$(media)/disk.esp: images/media/mkfat $(media)/disk.efi $(O)/images/epoch | $(media-deps)
	$(Q)$< $@ 16384 VISOROS-ESP EFI/BOOT/BOOTX64.EFI=$(media)/disk.efi

# What the running image installs to other disks (docs/media.md, "Installing").
define install-layout
# Sizes of the partitions of a disk that this image is installed to.
bios = 1M
esp = 16M
state = 64M
bank = $(CONFIG_MEDIA_BANK_MB)M
endef

$(media)/layout.conf: FORCE
	$(call write-text,$(install-layout))
$(media)/disk.zst: images/media/mkdisk $(media)/disk.core $(media)/disk.esp
	$(call say,SKELETON,$@)
	$(Q)$< --skeleton $@.raw $(wordlist 2,3,$^)
	$(Q)zstd -q -f -19 --zstd=wlog=17 -o $@ $@.raw && rm $@.raw
image-files += $(foreach f,disk.zst layout.conf,$(media)/$(f):/usr/lib/visoros/install/$(f))

bootcfg = $$(scripts/bootcfg.py get $(boot)/boot.cfg $(1))
$(media)/bank0.fat: $(O)/bin/mkbank $(boot)/boot.cfg $(O)/config/auto.conf | $(media-deps)
	@mkdir -p $(@D)
	$(Q)$< -o $@ -m $(CONFIG_MEDIA_BANK_MB) -b "$(call bootcfg,build)" -a "$(call bootcfg,kernelopt)" \
		$(addprefix $(boot)/,$(filter-out boot.cfg,$(boot-files)))
# The other bank is empty.
$(media)/bank1.fat: images/media/mkfat $(O)/config/auto.conf | $(media-deps)
	@mkdir -p $(@D)
	$(Q)$< $@ $$(($(CONFIG_MEDIA_BANK_MB) * 1024)) VISOROS

$(media)/visoros.img: images/media/mkdisk $(media)/disk.core $(media)/disk.esp $(media)/bank0.fat $(media)/bank1.fat
	$(call say,DISK,$@)
	$(Q)$< $@ $(wordlist 2,9,$^)

$(media)/visoros.qcow2: $(media)/visoros.img
	$(call say,QCOW2,$@)
	$(Q)qemu-img convert -q -c -O qcow2 $< $@

$(media)/visoros.ova: images/media/mkova $(media)/visoros.img VERSION
	$(call say,OVA,$@)
	$(Q)$< $@ $(media)/visoros.img $(version)

# A CD is known by the digest of its boot.cfg, which has those of all other files.
common-scripts := $(foreach s,terminal load,$(call grub,$(s))) $(media)/config.cfg
iso-scripts := $(call grub,iso) $(common-scripts) $(media)/image.cfg

$(media)/image.cfg: $(boot)/boot.cfg
	@mkdir -p $(@D)
	$(Q)echo "set image=$$(sha256sum $< | cut -c1-16)" >$@
$(media)/iso.core: $(mkcore) $(iso-scripts) | $(media-deps)
	$(call say,GRUB,$@)
	$(Q)$(mkcore) i386-pc-eltorito $@ $(iso-scripts)
$(media)/iso.efi: $(mkcore) $(iso-scripts) | $(media-deps)
	$(call say,GRUB,$@)
	$(Q)$(mkcore) x86_64-efi $@ $(iso-scripts)
$(media)/iso.esp: images/media/mkfat $(media)/iso.efi
	$(Q)$< $@ 1440 VISOROS-ESP EFI/BOOT/BOOTX64.EFI=$(media)/iso.efi
$(media)/visoros.iso: images/media/mkiso $(media)/iso.core $(media)/iso.esp $(media)/image.cfg
	$(call say,ISO,$@)
	$(Q)$< $@ $(media)/iso.core $(media)/iso.esp visoros.$$(sed 's/.*=//' $(media)/image.cfg)=$(media)/image.cfg \
		$(foreach f,$(boot-files),$(f)=$(boot)/$(f))

net-scripts := $(call grub,net) $(common-scripts)

$(media)/pxe/grub.pxe: $(mkcore) $(net-scripts) | $(media-deps)
	$(call say,GRUB,$@)
	@mkdir -p $(@D)
	$(Q)$(mkcore) i386-pc-pxe $@ $(net-scripts)
$(media)/pxe/grub.efi: $(mkcore) $(net-scripts) | $(media-deps)
	$(call say,GRUB,$@)
	@mkdir -p $(@D)
	$(Q)$(mkcore) x86_64-efi $@ $(net-scripts)
$(media)/pxe/README: images/media/pxe.txt
	@mkdir -p $(@D)
	$(Q)cp $< $@
$(media)/pxe/visoros.ipxe: images/media/mkipxe $(boot)/boot.cfg scripts/bootcfg.py
	@mkdir -p $(@D)
	$(Q)$< $(boot)/boot.cfg $@
# The files are written where no server reads them yet, boot.cfg last.
$(media)/pxe/boot.cfg: $(boot)/boot.cfg $(media)/pxe/grub.pxe $(media)/pxe/grub.efi $(media)/pxe/visoros.ipxe $(media)/pxe/README
	$(call say,PXE,$(@D))
	$(Q)for file in $(filter-out boot.cfg,$(boot-files)) boot.cfg; do \
		cp $(boot)/$$file $(@D)/$$file.new && mv $(@D)/$$file.new $(@D)/$$file; done

# The file's name has the version, and so has the bundle: that of the tree when it was made.
update-keys = $(call config,MEDIA_UPDATE_KEY) $(call config,MEDIA_UPDATE_CERT)

$(media)/visoros-%.vib: images/media/mkupdate scripts/bootcfg.py $(boot)/boot.cfg $(O)/images/visoros.json $(O)/bin/bundle $(O)/config/auto.conf
	$(call say,UPDATE,$@)
	@mkdir -p $(@D)
	$(Q)$< $(O)/bin/bundle $(boot)/boot.cfg $(O)/images/visoros.json $@ $(if $(call config,MEDIA_UPDATE_KEY),$(update-keys))
