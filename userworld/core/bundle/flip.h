/* SPDX-License-Identifier: Apache-2.0 */
/* One switch of the namespace, from one set of bundles to another. */
#ifndef VISOR_CORE_BUNDLE_FLIP_H
#define VISOR_CORE_BUNDLE_FLIP_H

#include "record.h"

/*
 * Attaches the tardisks of in, whose payloads files[i][...] are open, and detaches
 * those of out, with what was changed of their files; force: even if they are in
 * use. Nobody sees a state in between; on failure nothing has changed.
 */
int bundle_flip(const struct bundle_record *const *in, size_t n_in, const int *const *files,
		const struct bundle_record *const *out, size_t n_out, bool force, struct err *e);

#endif
