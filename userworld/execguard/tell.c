// SPDX-License-Identifier: Apache-2.0
/* The guard's refusals, from the kernel's ring buffer to the log. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <time.h>

#include "execguard.h"
#include "guard.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

#define SAY_EVERY 5 /* seconds; at most one line in this time */

static const char *const texts[] = {
	[GUARD_EXEC] = "execute a file that is not a tardisk's; programs come in bundles",
	[GUARD_FILE] = "map a file as code that is not a tardisk's; programs come in bundles",
	[GUARD_MEMORY] = "have executable memory; a program that generates code needs 'jit' in "
			 "its userworld's configuration",
	[GUARD_LATER] = "make memory executable; a program that generates code needs 'jit' in "
			"its userworld's configuration",
	[GUARD_IMPLIED] = "make all its memory executable, and was ended",
};

static int tell(void *context, void *data, size_t size)
{
	const struct guard_refusal *r = data;
	static time_t said;
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (size < sizeof(*r) || r->what >= ARRAY_SIZE(texts) ||
	    (said && now.tv_sec < said + SAY_EVERY))
		return 0;
	said = now.tv_sec;
	log_warnx("%.16s (pid %u) may not %s (refusal %llu)", r->comm, r->pid, texts[r->what],
		  (unsigned long long)r->count);
	return 0;
}

int guard_tell(struct err *e)
{
	_cleanup_close_ int map = bpf_obj_get(GUARD_REFUSALS);
	struct ring_buffer *ring;
	int ret;

	if (map < 0)
		return err_sys(e, errno, "%s: the guard is not loaded", GUARD_REFUSALS);
	ring = ring_buffer__new(map, tell, NULL, NULL);
	if (!ring)
		return err_sys(e, errno, "%s", GUARD_REFUSALS);
	do
		ret = ring_buffer__poll(ring, -1);
	while (ret >= 0 || ret == -EINTR);
	return err_sys(e, -ret, "%s", GUARD_REFUSALS);
}
