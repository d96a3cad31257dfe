/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pool that an install is charged to. Payloads on their way live in memory,
 * and would else count against whoever asked: hostd, or a shell whose pool is
 * small on purpose. How much an install may take was admitted before.
 */
#ifndef VISOR_CORE_BUNDLE_POOL_H
#define VISOR_CORE_BUNDLE_POOL_H

#define BUNDLE_POOL "host/vim/vmvisor/install"

/*
 * Moves this process there. Returns a descriptor of the pool it was in, for
 * bundle_pool_leave(), or -1 if it stays where it is (no pools, as in tests).
 */
int bundle_pool_enter(void);

/* Moves this process back and closes the descriptor; -1 is allowed. */
void bundle_pool_leave(int pool);

#endif
