# SPDX-License-Identifier: Apache-2.0
#
# Configuration: Kconfig in the top folder, the choice in $(O)/.config, made from
# configs/default_defconfig if there is none. What others read:
#   $(O)/config/auto.conf   for make (CONFIG_X=y)
#   $(O)/gen/config.h       for C (#define CONFIG_X 1)

##@ Configuration
#: menuconfig      change the configuration in menus
#: nconfig         the same with function keys
#: defconfig       back to the default configuration
#: NAME_defconfig  take configs/NAME_defconfig: default, release, hardware, source, compressed
#: olddefconfig    complete the configuration, new options at their default
#: savedefconfig   write what differs from the defaults to $(O)/defconfig

config-sources := Kconfig $(wildcard */Kconfig) images/media/Kconfig

# kconfig-frontends writes relative to its working directory and reads below srctree.
kconfig = mkdir -p $(O)/config $(O)/gen $(O)/include/config && cd $(O) && \
	srctree=$(CURDIR) KCONFIG_AUTOCONFIG=config/auto.conf \
	KCONFIG_AUTOHEADER=gen/config.h KCONFIG_TRISTATE=config/tristate.conf

.PHONY: menuconfig nconfig defconfig olddefconfig savedefconfig
menuconfig: | $(build-deps)
	@$(kconfig) kconfig-mconf Kconfig
nconfig: | $(build-deps)
	@$(kconfig) kconfig-nconf Kconfig
defconfig: default_defconfig
olddefconfig: | $(build-deps)
	@$(kconfig) kconfig-conf -s --olddefconfig Kconfig
savedefconfig: | $(build-deps)
	@$(kconfig) kconfig-conf -s --savedefconfig defconfig Kconfig
	@echo "  CONFIG   $(O)/defconfig"

%_defconfig: configs/%_defconfig | $(build-deps)
	@$(kconfig) kconfig-conf -s --defconfig=$(CURDIR)/$< Kconfig
	@echo "  CONFIG   $< -> $(O)/.config"

$(O)/.config: | $(build-deps)
	@$(kconfig) kconfig-conf -s --defconfig=$(CURDIR)/configs/default_defconfig Kconfig
	@echo "  CONFIG   configs/default_defconfig -> $@"

$(O)/config/auto.conf: $(O)/.config $(config-sources) | $(build-deps)
	@$(kconfig) kconfig-conf -s --olddefconfig Kconfig
	@$(kconfig) kconfig-conf -s --silentoldconfig Kconfig
	@touch $@ $(O)/gen/config.h

$(O)/gen/config.h: $(O)/config/auto.conf ;

# Made by the rule above before anything else is, unless no goal needs it.
ifneq ($(filter-out help clean distclean %config install-deps,$(or $(MAKECMDGOALS),all)),)
include $(O)/config/auto.conf
endif

# The value of a string option, without its quotes.
config = $(patsubst "%",%,$(CONFIG_$(1)))
