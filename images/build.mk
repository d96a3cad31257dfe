# SPDX-License-Identifier: Apache-2.0
#
# From programs and modules to what a boot loader loads:
#
#   $(O)/rootfs/NAME          the tree of a tardisk (images/assemble)
#   $(O)/tardisks/NAME.v00    the tardisk (mktardisk)
#   $(O)/boot/NAME.v00        the same as a one-member cpio: a boot module
#   $(O)/boot/stage0.img      initramfs: BusyBox, visorfs.ko, images/stage0/init
#   $(O)/boot/boot.cfg        kernel and modules in order
#   $(O)/boot/visoros.efi     all of these as one signed program (images/uefi)

include images/guestd/build.mk

golden-tests += tests/golden/build/run

boot := $(O)/boot
mktardisk := $(O)/bin/mktardisk
tardisks := base drivers

include images/uefi/build.mk
include images/media/build.mk

# Times in the image are those of the last commit.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

##@ Build
#: image           kernel, boot modules and boot.cfg, $(O)/boot
.PHONY: image
image: $(boot)/boot.cfg $(uki)

# Keyboard layouts.
keymaps := $(shell sed -n 's/^\([a-z][a-z-]*\) .*/\1/p' images/keymaps/list)
keymap-files := $(addprefix $(O)/keymaps/,titles $(keymaps:%=%.bmap))
image-files += $(foreach f,$(keymap-files),$(f):/usr/lib/visoros/keymaps/$(notdir $(f)):0644)

$(keymap-files) &: images/keymaps/make images/keymaps/list $(O)/packages/kbd/.unpacked $(O)/packages/console-data/.unpacked
	$(call say,KEYMAPS,$(O)/keymaps)
	$(Q)images/keymaps/make images/keymaps/list $(O)/packages/kbd $(O)/packages/console-data $(O)/keymaps

# base.v00: the plan is images/base.plan, then the programs that name their place in the
# image, then what the configuration decides on.
image-programs := $(foreach p,$(programs),$(if $($(p)-to),$(O)/bin/$(p)))
image-sources := $(foreach f,$(image-files),$(firstword $(subst :, ,$(f))))
userworld-confs := $(wildcard userworld/conf.d/*.conf)

define plan-program
program $(firstword $($(1)-to)) $(O)/bin/$(1)
$(foreach l,$(wordlist 2,99,$($(1)-to)),link $(l) $(firstword $($(1)-to))
)
endef

define base-plan
$(foreach p,$(programs),$(if $($(p)-to),$(call plan-program,$(p))))
$(foreach c,$(userworld-confs),file /etc/userworld.d/$(notdir $(c)) $(c)
)
$(foreach f,$(image-files),file $(word 2,$(subst :, ,$(f))) $(firstword $(subst :, ,$(f))) $(word 3,$(subst :, ,$(f)))
)
file /etc/ramdisks $(O)/images/ramdisks
file /etc/visoros-release $(O)/images/visoros-release
file /usr/lib/visoros/bundles/visoros.json $(O)/images/visoros.json
file /usr/share/visoros/trust/policy.conf $(O)/images/policy.conf
$(foreach r,$(trust-roots),file /usr/share/visoros/trust/$(notdir $(r)) $(r)
)
endef

# Programs of Debian's packages that are not installed here.
$(O)/packages/%/.unpacked: images/unpack vmkernel/packages.sh | $(build-deps)
	$(call say,UNPACK,$*)
	$(Q)images/unpack $* $(@D)
	@touch $@

# Name, path, most bytes, reserved bytes, most files.
define ramdisks
# Ramdisks made at boot: NAME PATH MAX MIN INODES, sizes with k, m or g. The one of
# the root file system is made before this file can be read.
etc /etc $(CONFIG_RAMDISK_ETC_MB)m 1m 4096
run /run $(CONFIG_RAMDISK_RUN_MB)m 512k 4096
tmp /tmp $(CONFIG_RAMDISK_TMP_MB)m 0 16384
var /var $(CONFIG_RAMDISK_VAR_MB)m 1m 16384
log /var/log $(CONFIG_RAMDISK_LOG_MB)m 2m 1024
endef

define release
NAME="VisorOS"
VERSION="$(version)"
BUILD="$(build)"
DEVELOPMENT="$(or $(CONFIG_IMAGE_DEVELOPMENT),n)"
STATE_FORMAT="$(shell sed -n 's/^.define STATE_FORMAT //p' userworld/state/layout.h)"
endef

define stage0-conf
DEVELOPMENT=$(or $(CONFIG_IMAGE_DEVELOPMENT),n)
ROOT_MAX=$(CONFIG_RAMDISK_ROOT_MB)m
ROOT_INODES=$(CONFIG_RAMDISK_ROOT_INODES)
ROOT_MIN=3584k
STATE_DIRS=$(patsubst "%",%,$(CONFIG_IMAGE_STATE_DIRS))
DEFAULT_RESIDENCY=$(patsubst "%",%,$(CONFIG_IMAGE_RESIDENCY))
EXEC_INSTALLED_ONLY=$(or $(CONFIG_IMAGE_EXEC_INSTALLED_ONLY),n)
DEFAULT_ENFORCE=$(call config,IMAGE_ENFORCE)
endef

# Generated text is written only if it changed.
define write-text
$(shell mkdir -p $(@D))$(file >$@.tmp,$(1))
@if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi
endef

$(O)/images/ramdisks: FORCE
	$(call write-text,$(ramdisks))
$(O)/images/visoros-release: FORCE
	$(call write-text,$(release))
$(O)/images/stage0.conf: FORCE
	$(call write-text,$(stage0-conf))
$(O)/images/programs.plan: FORCE
	$(call write-text,$(base-plan))

# Whom the image trusts (docs/trust.md).
trust-dir := $(patsubst "%",%,$(CONFIG_IMAGE_TRUST))
trust-roots := $(if $(trust-dir),$(wildcard $(trust-dir)/*.pem $(trust-dir)/revocations.p7m))

# Who signs the tardisks of the image: its own key, or one made for this checkout. Its
# certificate and the roots above are what the kernel module trusts.
sign-key := $(or $(call config,IMAGE_SIGN_KEY),$(O)/keys/image.key)
sign-cert := $(or $(call config,IMAGE_SIGN_CERT),$(O)/keys/image.crt)
levels := certified accepted partner community

$(O)/keys/image.crt: | images/trust/mkkey $(build-deps)
	$(call say,KEY,$@)
	$(Q)images/trust/mkkey $(O)/keys/image.key $@

$(O)/keys/anchors.h: images/trust/mkanchors $(sign-cert) $(filter %.pem,$(trust-roots)) $(O)/config/auto.conf
	@mkdir -p $(@D)
	$(Q)images/trust/mkanchors certified=$(sign-cert) $(foreach l,$(levels),$(addprefix $(l)=,$(filter \
		%/$(l).pem,$(trust-roots)))) >$@.tmp
	@if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi

define policy
# What bundles must have at least, and the lowest level that can be chosen.
level = $(patsubst "%",%,$(CONFIG_IMAGE_ACCEPTANCE))
lowest = $(patsubst "%",%,$(CONFIG_IMAGE_ACCEPTANCE_LOWEST))
endef

$(O)/images/policy.conf: FORCE
	$(call write-text,$(policy))

# The image as a bundle: what others may depend on. Its tardisks have no descriptors.
define image-bundle
{"name": "visoros", "version": "$(version)", "vendor": "visoros", "type": "meta",
"summary": "The image that this host was booted from", "acceptance_level": "certified",
"created": "$(shell date -u -d @$(SOURCE_DATE_EPOCH) +%Y-%m-%dT%H:%M:%SZ)",
"provides": ["bundle-format = 3", "kernel = $(file <$(vmkernel)/release)"]}
endef

$(O)/images/visoros.json: $(O)/bin/bundle $(vmkernel-stamp) $(O)/images/epoch VERSION images/build.mk
	$(file >$@.in,$(image-bundle))
	$(Q)$(O)/bin/bundle build -o $@.vib $@.in && $(O)/bin/bundle inspect -j $@.vib > $@.tmp
	$(Q)rm $@.vib $@.in && mv $@.tmp $@

$(O)/rootfs/base: $(O)/images/visoros.json $(O)/images/policy.conf $(trust-roots) images/assemble images/seldom images/seldom.list images/base.plan images/state.list $(O)/images/programs.plan \
		$(O)/images/ramdisks $(O)/images/visoros-release $(image-programs) $(image-sources) \
		$(userworld-confs) $(shell find images/rootfs -type f)
	$(call say,TREE,$@)
	$(Q)cat images/base.plan $(O)/images/programs.plan images/state.list <(printf '%s\n' \
		'busybox usr/bin/busybox /usr/bin/busybox' libraries) | images/assemble $@
	$(Q)images/seldom images/seldom.list $@ $(O)/rootfs/seldom
	@touch $@

# drivers.v00: kernel modules, and what is read seldom.
driver-lists := images/drivers/virtual.list \
	$(if $(CONFIG_IMAGE_DRIVERS_HARDWARE),images/drivers/hardware.list)

$(O)/rootfs/drivers: images/drivers/collect $(O)/rootfs/base $(driver-lists) $(vmkernel-stamp) $(O)/config/auto.conf $(uki-keys)
	$(call say,TREE,$@)
	$(Q)images/drivers/collect $(vmkernel) $@ $(driver-lists)
	$(Q)$(call sign-modules,$$(find $@ -name '*.ko'))
	$(Q)cp -a $(O)/rootfs/seldom/. $@
	@touch $@

$(O)/images/epoch: FORCE
	$(call write-text,$(SOURCE_DATE_EPOCH))

# All files are as old as the commit, not as this build: the same bytes, whenever it is made.
$(O)/tardisks/%.v00: $(O)/rootfs/% $(mktardisk) $(O)/bin/bundle $(sign-cert) $(O)/config/auto.conf $(O)/images/epoch
	$(call say,TARDISK,$@)
	@mkdir -p $(@D)
	$(Q)find $< -mindepth 1 -exec touch -h -d "@$$SOURCE_DATE_EPOCH" {} +
	$(Q)$(mktardisk) --level $(CONFIG_IMAGE_ZSTD_LEVEL) --frame $(CONFIG_TARDISK_FRAME) --owner 0:0 -o $@ $<
	$(Q)$(O)/bin/bundle manifest -k $(sign-key) -c $(sign-cert) -n $* -v $(version) $@

$(boot)/%.v00: $(O)/tardisks/%.v00 images/mkcpio
	@mkdir -p $(@D)
	$(Q)echo "file tardisks/$*.v00 0444 $<" | images/mkcpio $@

$(boot)/stage0.img: images/stage0/list images/stage0/init images/mkcpio $(O)/images/stage0.conf $(O)/images/epoch $(visorfs-ko) images/build.mk $(uki-keys)
	$(call say,STAGE0,$@)
	@mkdir -p $(@D)
	$(Q)strip --strip-debug -o $(O)/images/visorfs.ko $(visorfs-ko)
	$(Q)$(call sign-modules,$(O)/images/visorfs.ko)
	$(Q)sed -e 's|@BUSYBOX@|/usr/bin/busybox|; s|@VISORFS@|$(O)/images/visorfs.ko|; s|@CONF@|$(O)/images/stage0.conf|' \
		$< | images/mkcpio $@.cpio
	$(Q)zstd -q -f -19 -o $@ $@.cpio && rm $@.cpio
	$(Q)truncate -s %4 $@ # what follows must be aligned, and not every loader does that

$(boot)/vmlinuz: $(vmkernel-stamp)
	@mkdir -p $(@D)
	$(Q)cp $(vmkernel)/vmlinuz $@

$(boot)/boot.cfg: scripts/bootcfg.py $(boot)/vmlinuz $(boot)/stage0.img $(tardisks:%=$(boot)/%.v00) $(O)/config/auto.conf
	$(Q)scripts/bootcfg.py write $@ bootstate=0 kernel=vmlinuz \
		kernelopt=$(CONFIG_VMKERNEL_CMDLINE)' ima_policy=critical_data reserve_mem=256K:2M:visoros-panic mce=print_all'$(if $(CONFIG_IMAGE_EXEC_INSTALLED_ONLY),' proc_mem.force_override=ptrace') \
		modules="stage0.img $(tardisks:%=%.v00)" build="$(version)-$(build)" updated=1
	@cd $(@D) && du -cb vmlinuz stage0.img $(tardisks:%=%.v00) | \
		awk 'END { printf "  IMAGE    $(boot): %.1f MB\n", $$1 / 1e6 }'

##@ Run
#: run             boot the image, its console in this terminal
#: run-vga         the same, with the VGA screen for a VNC viewer
#: guest CMD='...' boot the image, run a command as root in it, pass on output and status
#: exec CMD='...'  run a command in the machine of "make run"; PUT=FILE first copies it to /tmp
#: bundle PACKAGE= make a bundle of a Debian package, $(O)/bundles
#: MEM= SMP=       memory of the machine in MB (512), number of CPUs (1)
#: APPEND= DISK=   more kernel arguments, an image file to attach as a disk
#: TIMEOUT=        seconds that "make guest" may take (300)
#: UEFI=1          start visoros.efi by UEFI firmware (run, run-vga)
#: SECURE_BOOT=1   the same by firmware that trusts only the keys of this build
#: ACCEL=kvm       use KVM instead of QEMU's emulator
machine-options = --boot $(boot) $(if $(MEM),--memory $(MEM)) $(if $(SMP),--smp $(SMP)) \
	$(if $(APPEND),--append '$(APPEND)') $(if $(DISK),--disk $(DISK))

firmware-options = $(if $(UEFI),--uefi) $(if $(SECURE_BOOT),--secure-boot $(secureboot))

# The command is the user's, word for word: make must not expand it.
unexport CMD
.PHONY: run run-vga guest exec bundle
run: image
	@scripts/run $(machine-options) $(firmware-options) --link $(O)/run/guest
run-vga: image
	@scripts/run --vga $(machine-options) $(firmware-options) --link $(O)/run/guest
exec: export VISOROS_GUEST_COMMAND := $(value CMD)
exec:
	@scripts/exec --link $(O)/run/guest $(addprefix --put ,$(PUT)) $(if $(TIMEOUT),--timeout $(TIMEOUT))
bundle: image $(O)/bin/bundle
	@scripts/deb-bundle $(O)/rootfs $(O)/bin $(O)/bundles/$(PACKAGE).vib \
		-f $(CONFIG_TARDISK_FRAME) $(PACKAGE)
guest: export VISOROS_GUEST_COMMAND := $(value CMD)
guest:
	@$(MAKE) -s image >&2
	@scripts/guest $(machine-options) $(if $(TIMEOUT),--timeout $(TIMEOUT))
