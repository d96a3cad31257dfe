// SPDX-License-Identifier: Apache-2.0
/* Feeds the reader of a depot's index. An index that is taken must survive being written and read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/depot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(struct depot_index *index)
{
	struct depot_index second;
	struct err e = ERR_INIT;
	size_t len;
	char *text;

	if (depot_index_format(index, &text, &len, &e) ||
	    depot_index_parse(text, len, &second, &e) || second.n_bundles != index->n_bundles ||
	    second.n_profiles != index->n_profiles)
		abort();
	depot_index_free(&second);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	struct depot_index index;

	if (depot_index_parse((const char *)data, size, &index, &e) == 0)
		again(&index);
	else if (e.kind == ERR_NONE || !e.text[0] || strchr(e.text, '\n'))
		abort();
	depot_index_free(&index);
	return 0;
}
