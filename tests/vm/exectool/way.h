/* SPDX-License-Identifier: Apache-2.0 */
/* What the ways of exectool have in common. */
#ifndef EXECTOOL_WAY_H
#define EXECTOOL_WAY_H

#include <stddef.h>
#include <sys/mman.h>

#define PAGE 4096UL
#define RX (PROT_READ | PROT_EXEC)
#define RW (PROT_READ | PROT_WRITE)
#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)

#define CODE_SIZE 6

extern const unsigned char code[CODE_SIZE]; /* return 42; */

/* The attempt itself failed: ends with 3. */
void __attribute__((noreturn)) wrong(const char *what);

/* Says with which error: 1. */
int refused(const char *what);

/* Runs what is there, if it is our code; a program's text is just there. */
int run(const void *at, const char *what);
int protect_and_run(void *at, int prot, const char *what);
int must_open(const char *file, int flags);

/* One page of a file, or of memory if fd is negative. */
void *map(int fd, int prot, int flags);
void write_code(int fd);
int memory_fd(void);

/* exec, with the answer of the child: 1 and errno text if it was refused. */
int exec_fd(int fd, const char *path, char *const argv[]);

/* Programs. */
int way_exec(const char *file);
int way_execveat(const char *file);
int way_proc_fd(const char *file);
int way_loader(const char *file);
int way_access(const char *file);
int way_memfd_exec(const char *file);

/* Mappings of files, and what is written into them. */
int way_map(const char *file);
int way_map_shared(const char *file);
int way_protect(const char *file);
int way_text(const char *file);
int way_copy(const char *file);
int way_copy_rwx(const char *file);
int way_text_write(const char *file);
int way_tmpfile(const char *dir);
int way_node(const char *file);
int way_own_memory(const char *file);
int way_code(const char *file);

/* Memory without a file of a file system. */
int way_anonymous(const char *unused);
int way_anonymous_shared(const char *unused);
int way_anonymous_later(const char *unused);
int way_shared_later(const char *unused);
int way_heap(const char *unused);
int way_stack(const char *unused);
int way_implied(const char *unused);
int way_memfd(const char *unused);
int way_shm(const char *unused);

/* What becomes of mappings. */
int way_mappings(const char *file);
int way_race(const char *dir);
int way_hold(const char *file);
int way_hold_all(const char *file);

#endif
