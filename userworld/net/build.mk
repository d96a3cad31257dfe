# SPDX-License-Identifier: Apache-2.0
# The management network: BusyBox udhcpc for IPv4, dhcpcd for IPv6.
dhcpcd := $(O)/packages/dhcpcd-base
$(dhcpcd)/usr/sbin/dhcpcd: $(dhcpcd)/.unpacked ;

net-files := net udhcpc.script net6 dhcpcd.script
image-files += $(foreach f,$(net-files),userworld/net/$(f):/usr/lib/visoros/$(f):0755) \
	$(foreach f,net.sh links.sh dhcpcd.conf,userworld/net/$(f):/usr/lib/visoros/$(f)) \
	$(dhcpcd)/usr/sbin/dhcpcd:/usr/sbin/dhcpcd:0755
