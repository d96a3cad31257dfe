# SPDX-License-Identifier: Apache-2.0
# What may come in over the network: rules of nftables.
programs += firewall
firewall-src := userworld/firewall/firewall.c $(addprefix userworld/core/network/,firewall_conf.c firewall_text.c net_conf.c net_word.c)
firewall-lib := visor
firewall-ldlibs := -lnftables
firewall-to := /usr/lib/visoros/firewall

image-files += $(foreach r,$(wildcard userworld/firewall/rulesets/*.conf),$(r):/usr/lib/visoros/firewall.d/$(notdir $(r)):0644)
