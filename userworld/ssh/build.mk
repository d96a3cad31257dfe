# SPDX-License-Identifier: Apache-2.0
image-files += userworld/ssh/ssh:/usr/lib/visoros/ssh:0755
