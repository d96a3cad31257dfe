/* SPDX-License-Identifier: GPL-2.0-only */
/* The paths that the model knows: up to DEPTH components, each one of WIDTH names. */
#ifndef MODEL_TREE_OF_H
#define MODEL_TREE_OF_H

#include <stdint.h>

#define WIDTH 3
#define DEPTH 3
#define PATHS (WIDTH + WIDTH * WIDTH + WIDTH * WIDTH * WIDTH)
#define PATH_TEXT (2 * DEPTH + 1)

enum model_type { MODEL_NONE, MODEL_FILE, MODEL_DIR, MODEL_WHITEOUT };

/* Paths are numbered level by level: 0 to WIDTH - 1 are in the root. */
static inline int path_parent(unsigned int p)
{
	return p < WIDTH ? -1 : (int)(p / WIDTH) - 1;
}

static inline char path_name(unsigned int p)
{
	return (char)('a' + p % WIDTH);
}

static inline char *path_text(unsigned int p, char *text)
{
	char *at = text + PATH_TEXT - 1;
	int up = (int)p;

	*at = '\0';
	for (; up >= 0; up = path_parent((unsigned int)up)) {
		if (*at)
			*--at = '/';
		*--at = path_name((unsigned int)up);
	}
	return at;
}

/* A header area that states these types; the caller frees it. */
unsigned char *header_area(const enum model_type *types, uint32_t *len);

#endif
