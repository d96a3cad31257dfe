# SPDX-License-Identifier: Apache-2.0
image-files += userworld/net/net:/usr/lib/visoros/net:0755 \
	userworld/net/udhcpc.script:/usr/lib/visoros/udhcpc.script:0755
