/* SPDX-License-Identifier: Apache-2.0 */
/* A throw-away folder that stands for the host in tests of libcore. */
#ifndef TESTS_UNIT_TREE_H
#define TESTS_UNIT_TREE_H

#include <stddef.h>
#include <sys/types.h>

/* cmocka group fixtures: make the folder and give it to core_init(); remove it. */
int tree_setup(void **state);
int tree_teardown(void **state);

/* The path of a file in it; a buffer of its own for each of the last four calls. */
const char *tree_path(const char *path);

/* Writes a file and the folders above it. */
void tree_write(const char *path, const char *text, mode_t mode);

/* A file's text, allocated; the test fails if it is not there. */
char *tree_read(const char *path);

#endif
