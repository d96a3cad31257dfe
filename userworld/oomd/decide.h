/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the host is short of memory, and where to put the tripwire. Pure.
 *
 * The tripwire is memory.high of the pool "host", which all userworlds are in.
 * It is put a part of the free memory above the present use. When it is
 * crossed the kernel slows the one that grows and tells us; if there is still
 * enough, the wire is put further up. So a world that grows is looked at more
 * often the less there is left, and a quiet host costs nothing.
 */
#ifndef OOMD_DECIDE_H
#define OOMD_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#define WATERMARK_PERCENT 4
#define WATERMARK_LEAST (UINT64_C(6) << 20)
#define STEP_PART 4			 /* the wire is a quarter of what is free away */
#define STEP_LEAST (UINT64_C(512) << 10) /* bytes */
#define OWN_ROOM (UINT64_C(1) << 20)	 /* bytes; looking and ending somebody takes less */

struct memory {
	uint64_t total;
	uint64_t available;
};

/* From the text of /proc/meminfo; 0, or -1 if a line is missing. */
int memory_parse(const char *text, struct memory *m);

/* Bytes of available memory below which someone has to go. */
uint64_t oom_watermark(const struct memory *m);

enum oom_verdict {
	OOM_ENOUGH, /* put the wire up again */
	OOM_SETTLE, /* short, but the last victim is not gone yet */
	OOM_KILL,
};
enum oom_verdict oom_decide(const struct memory *m, bool settling);

/*
 * Where the wire goes before oomd looks: it is in the pool "host" itself, and what the kernel
 * takes for it beyond the wire would have it slowed down like who crossed it, for seconds.
 */
uint64_t oom_own_room(uint64_t wire, uint64_t used);

/* Where the wire goes: bytes for memory.high, given what the pool uses now. */
uint64_t oom_tripwire(const struct memory *m, uint64_t used);

#endif
