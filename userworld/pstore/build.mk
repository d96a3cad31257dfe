# SPDX-License-Identifier: Apache-2.0
image-files += userworld/pstore/pstore:/usr/lib/visoros/pstore:0755
