/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_LAYERS_H
#define BENCH_LAYERS_H

/*
 * Mounts a read-only overlayfs of the folders below/0, below/1... on dir, 0 on top. One option for
 * each layer, as the page that mount(2) takes does not hold many. Returns the exit status.
 */
int layers_mount(const char *dir, const char *below, unsigned int count);

#endif
