// SPDX-License-Identifier: Apache-2.0
#include "residency.h"

#include <fcntl.h>
#include <string.h>

#include "file.h"
#include "userworld/core/internal.h"
#include "log.h"

int residency_parse(const char *word, bool *compressed, struct err *e)
{
	bool packed = !strcmp(word, "compressed");

	if (!packed && strcmp(word, "resident") != 0)
		return err_set(e, ERR_INVALID, "'%s' is neither resident nor compressed", word);
	*compressed = packed;
	return 0;
}

bool residency_compressed(void)
{
	struct err e = ERR_INIT;
	char path[CORE_PATH_MAX], word[16];
	bool compressed = false;

	if (core_path(path, &e, CORE_RUN, RESIDENCY_FILE) < 0 ||
	    file_read_at(AT_FDCWD, path, word, sizeof(word), &e) < 0 ||
	    residency_parse(word, &compressed, &e) < 0)
		log_warnx("%s: %s; new tardisks are unpacked into memory", RESIDENCY_FILE, e.text);
	return compressed;
}
