/* SPDX-License-Identifier: Apache-2.0 */
/* reach: what its topics share (main.c). */
#ifndef REACH_H
#define REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One topic's program: words behind its name; what it returns is the exit status. */
struct topic {
	const char *name, *usage;
	int least, most; /* words */
	int (*run)(char **words);
};

int topic_spot(char **words);
int topic_tick(char **words);
int topic_break(char **words);
int topic_uring(char **words);
int topic_aio(char **words);
int topic_gup(char **words);
int topic_direct(char **words);
int topic_pass(char **words);
int topic_locks(char **words);
int topic_lose(char **words);
int topic_watch(char **words);
int topic_jail(char **words);

#define SKIP 77 /* the kernel has no such thing */

/* Ends the program with status 1 and a line of what and errno, unless ok. */
void must(int ok, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Runs a shell command in the middle of things; it has to succeed. */
void run_command(const char *command);
uint32_t rnd(uint32_t below);
void seed(uint64_t value);

/* The whole file, mapped. */
unsigned char *map_file(const char *path, int prot, int flags, size_t *size);

/* One transfer of a batch; buf has len bytes. */
struct job {
	bool write;
	void *buf;
	size_t len;
	off_t at;
	ssize_t done; /* out: bytes, or -errno */
};

/* Does all jobs of a batch in any order, all at a time. */
typedef void (*do_batch)(int fd, struct job *jobs, unsigned int count);

/* Random batches on a file, compared with a copy in memory. buffers: where the data lies. */
#define JOBS 8
#define JOB_MOST (96u << 10)
int shadow(char **words, unsigned char *buffers, do_batch run);

#endif
