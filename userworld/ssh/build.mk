# SPDX-License-Identifier: Apache-2.0
image-files += userworld/ssh/ssh:/usr/lib/visoros/ssh:0755 userworld/ssh/shell:/usr/lib/visoros/shell:0755 \
	userworld/ssh/lockdown:/usr/lib/visoros/lockdown:0755
