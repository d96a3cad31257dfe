// SPDX-License-Identifier: Apache-2.0
/* The wait until the next look at the host. */
#include "dcui/pace.h"
#include "dcui/warnings.h"

#define FNV_START 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

unsigned int pace_after(unsigned int last, bool changed)
{
	if (changed || last < PACE_FAST)
		return PACE_FAST;
	return 2 * last < PACE_SLOW ? 2 * last : PACE_SLOW;
}

/* FNV-1a, the final zero included. */
static uint64_t mix(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (unsigned char)*text) * FNV_PRIME;
	while (*text++);
	return hash;
}

/* Time and free memory always change, and are not worth a look. */
uint64_t pace_digest(const struct facts *f)
{
	struct warning w[WARNINGS_MAX];
	size_t count = warnings_of(f, w);
	uint64_t hash = mix(FNV_START, f->hostname);

	for (size_t i = 0; i < count; i++)
		hash = mix(hash, w[i].text);
	for (size_t i = 0; i < f->nic_count; i++)
		hash = mix(mix(hash, f->nics[i].address), f->nics[i].type);
	return hash;
}
