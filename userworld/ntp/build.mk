# SPDX-License-Identifier: Apache-2.0
# Time from the network: openntpd.
openntpd := $(O)/packages/openntpd
$(openntpd)/usr/sbin/ntpd: $(openntpd)/.unpacked ;

image-files += userworld/ntp/ntp:/usr/lib/visoros/ntp:0755 userworld/ntp/ntp.conf:/etc/ntp.conf \
	$(openntpd)/usr/sbin/ntpd:/usr/sbin/ntpd:0755
