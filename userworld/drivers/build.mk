# SPDX-License-Identifier: Apache-2.0
image-files += userworld/drivers/drivers:/usr/lib/visoros/drivers:0755
