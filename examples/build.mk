# SPDX-License-Identifier: Apache-2.0
# The example bundles, for the image that was built: make bundles

example-bundles := $(patsubst %,$(O)/bundles/%.vib,debug snmpd heartbeat driver-nbd)
development-keys := images/trust/development/private

##@ Build
#: bundles         the example bundles, $(O)/bundles
.PHONY: bundles
bundles: $(example-bundles)

# Signed with a key that everybody knows, which only development images trust.
define sign-example
$(Q)$(O)/bin/bundle lint $@
$(Q)$(O)/bin/bundle sign -k $(development-keys)/partner.key -c $(development-keys)/partner.crt $@
endef

# As old as the commit, so that they are the same bytes whenever they are made.
define settle-example
$(Q)find $(1) -exec touch -h -d "@$$SOURCE_DATE_EPOCH" {} +
endef

$(O)/bundles/debug.vib: examples/debug/descriptor.json examples/debug/packages $(O)/bin/bundle \
		tardisk/deb2dir scripts/deb-bundle $(O)/rootfs/base $(O)/rootfs/drivers
	$(Q)scripts/deb-bundle $(O)/rootfs $(O)/bin $@ -d $< $$(<examples/debug/packages)
	$(sign-example)

$(O)/bundles/snmpd.vib: $(shell find examples/snmpd -type f) $(O)/bin/bundle tardisk/deb2dir \
		$(O)/rootfs/base $(O)/rootfs/drivers
	$(call say,BUNDLE,$@)
	$(Q)mkdir -p $(@D)
	$(Q)examples/snmpd/collect $(O)/rootfs tardisk/deb2dir $(O)/bundles/snmpd $(O)/bundles/snmpd.json
	$(call settle-example,$(O)/bundles/snmpd)
	$(Q)$(O)/bin/bundle build -o $@ --state examples/snmpd/state.list $(O)/bundles/snmpd.json $(O)/bundles/snmpd
	$(sign-example)

$(O)/bundles/heartbeat.vib: $(shell find examples/service -type f) $(O)/bin/bundle
	$(call say,BUNDLE,$@)
	$(Q)rm -rf $(O)/bundles/heartbeat && mkdir -p $(@D)
	$(Q)cp -r examples/service/files $(O)/bundles/heartbeat
	$(call settle-example,$(O)/bundles/heartbeat)
	$(Q)$(O)/bin/bundle build -o $@ --state examples/service/state.list \
		examples/service/descriptor.json $(O)/bundles/heartbeat
	$(sign-example)

$(O)/bundles/driver-nbd.vib: $(shell find examples/driver -type f) $(O)/bin/bundle $(vmkernel-stamp)
	$(call say,BUNDLE,$@)
	$(Q)mkdir -p $(@D)
	$(Q)examples/driver/collect $(vmkernel) $(O)/bundles/driver
	$(call settle-example,$(O)/bundles/driver)
	$(Q)sed "s/@RELEASE@/$$(<$(vmkernel)/release)/" examples/driver/descriptor.json.in >$(O)/bundles/driver.json
	$(Q)$(O)/bin/bundle build -o $@ $(O)/bundles/driver.json $(O)/bundles/driver
	$(sign-example)
