# SPDX-License-Identifier: Apache-2.0
# Resource pools: what supervisor and libcore share about them.

libraries += pool
pool-src := $(addprefix userworld/pool/, apply.c bites.c host.c idset.c limits.c pools.c)

unit-tests += pool_test
pool_test-src := tests/unit/pool_test.c
pool_test-lib := pool visor
image-files += userworld/pool/pools.conf:/etc/pools.conf
