// SPDX-License-Identifier: Apache-2.0
/*
 * exectool WAY [FILE]: tries one way to get code to run. Exit codes: 0 it ran,
 * 1 it was refused (and with which error), 3 the attempt itself went wrong.
 * FILE begins with the code that "exectool code FILE" writes, or is a program.
 */
#include <stdio.h>
#include <string.h>

#include "way.h"

static const struct {
	const char *name;
	int (*run)(const char *file);
} ways[] = {
	{ "exec", way_exec },
	{ "execveat", way_execveat },
	{ "proc-fd", way_proc_fd },
	{ "loader", way_loader },
	{ "access", way_access },
	{ "map", way_map },
	{ "map-shared", way_map_shared },
	{ "protect", way_protect },
	{ "text", way_text },
	{ "copy", way_copy },
	{ "copy-rwx", way_copy_rwx },
	{ "text-write", way_text_write },
	{ "tmpfile", way_tmpfile },
	{ "node", way_node },
	{ "anonymous", way_anonymous },
	{ "anonymous-shared", way_anonymous_shared },
	{ "anonymous-later", way_anonymous_later },
	{ "shared-later", way_shared_later },
	{ "heap", way_heap },
	{ "stack", way_stack },
	{ "implied", way_implied },
	{ "memfd", way_memfd },
	{ "memfd-exec", way_memfd_exec },
	{ "shm", way_shm },
	{ "own-memory", way_own_memory },
	{ "code", way_code },
	{ "mappings", way_mappings },
	{ "race", way_race },
	{ "hold", way_hold },
	{ "hold-all", way_hold_all },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc >= 2 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(ways[i].name, argv[1]))
			return ways[i].run(argv[2]);
	fprintf(stderr, "usage: exectool WAY [FILE]\n");
	return 2;
}
