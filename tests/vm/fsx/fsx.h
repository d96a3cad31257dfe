/* SPDX-License-Identifier: Apache-2.0 */
/* fsx: one file, the copy it is compared with, and the operations (main.c). */
#ifndef FSX_H
#define FSX_H

#include <stddef.h>
#include <stdint.h>

#define LARGEST (8u << 20) /* bytes of the file */
#define PIECE (256u << 10) /* most bytes of one operation */

extern unsigned char model[LARGEST], buf[LARGEST];
extern size_t size;		    /* of the file */
extern size_t max;		    /* it grows up to here */
extern int fd, direct_fd, other_fd; /* the file twice, and one beside it */

uint32_t rnd(uint32_t below);
void pick(size_t *at, size_t *len, size_t limit);
void fill(unsigned char *p, size_t len);
void grow(size_t to);
_Noreturn void differ(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void must(int ok, const char *what);
void compare(const unsigned char *got, size_t at, size_t len, const char *what);
unsigned char *map(size_t at, size_t len, int flags, size_t *skip);

void do_read(void);
void do_vector(void);
void do_direct_read(void);
void do_write(void);
void do_mapped_read(void);
void do_mapped_write(void);
void do_private_write(void);
void do_truncate(void);
void do_punch(void);
void do_allocate(void);
void do_copy(void);
void do_sendfile(void);
void do_splice(void);
void do_seek(void);
void do_pressure(void);

#endif
