/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_UNZSTD_H
#define BENCH_UNZSTD_H

#include <stdbool.h>

/*
 * Decompresses a file that was read into memory before. Either writes the result to
 * standard output, or prints how long it took, as "unzstd" with 4 KB for an item.
 */
void unzstd(const char *path, bool output);

#endif
