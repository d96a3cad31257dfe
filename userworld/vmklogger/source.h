/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where records come from: the kernel's log, the datagram socket /dev/log, and
 * the standard output of userworlds, which the supervisor hands over.
 */
#ifndef VMKLOGGER_SOURCE_H
#define VMKLOGGER_SOURCE_H

#include "record.h"
#include "sink.h"
#include "userworld/lib/err.h"

/* Kernel. The number of the last record is kept in a file, so that a new logger goes on there. */
struct kernel_source {
	int fd;
	int seq_fd;
	uint64_t seen; /* number of the last record written */
	bool any;      /* seen is valid */
};

int kernel_open(struct kernel_source *k, const char *device, const char *seq_path, struct err *e);
void kernel_read(struct kernel_source *k, struct sink *s);

/* Datagrams, with the sender's process id from the kernel. */
int dgram_open(const char *path, struct err *e);
void dgram_read(int fd, struct sink *s);

/* Output of one userworld: a pipe, cut into lines. */
struct output_source {
	int fd; /* -1: free */
	pid_t world;
	size_t have;
	char component[COMPONENT_MAX + 1];
	char line[TEXT_MAX + 1];
};

/* Reads what is there. 0, or -1 at the end of the output; the caller closes then. */
int output_read(struct output_source *o, struct sink *s);

/* Tells of steps of the wall clock, by which times before and after differ. */
struct clock_source {
	int fd;	      /* readable when the clock was set */
	int64_t boot; /* wall clock at boot as it was last known, microseconds */
};

int clock_open(struct clock_source *c, struct err *e);
void clock_changed(struct clock_source *c, struct sink *s);

/* The CPU a process ran on last, at most 100 ms ago, or CPU_UNKNOWN. */
int cpu_of(pid_t pid);

#endif
