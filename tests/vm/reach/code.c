// SPDX-License-Identifier: Apache-2.0
/*
 * This program's own text: a place that others put probes and breakpoints
 * on, and pages of it that nobody has touched before something happened.
 */
#include "reach.h"

#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNTOUCHED (64u << 10) /* words of 4 bytes: 64 pages */

/* Never folded away nor inlined: it is a place. */
__attribute__((noinline, noclone, aligned(64))) static unsigned long reach_spot(unsigned long n)
{
	__asm__ volatile("" : "+r"(n));
	return n + 1;
}

/* Read for the first time when topic_tick() is told to; every word is its number. */
#define W4(n) (n), (n) + 1, (n) + 2, (n) + 3
#define W16(n) W4(n), W4((n) + 4), W4((n) + 8), W4((n) + 12)
#define W64(n) W16(n), W16((n) + 16), W16((n) + 32), W16((n) + 48)
#define W256(n) W64(n), W64((n) + 64), W64((n) + 128), W64((n) + 192)
#define W1K(n) W256(n), W256((n) + 256), W256((n) + 512), W256((n) + 768)
#define W4K(n) W1K(n), W1K((n) + 1024), W1K((n) + 2048), W1K((n) + 3072)
#define W16K(n) W4K(n), W4K((n) + 4096), W4K((n) + 8192), W4K((n) + 12288)
static const volatile uint32_t untouched[UNTOUCHED] = { W16K(0), W16K(16384), W16K(32768),
							W16K(49152) };

/* Where reach_spot() lies in the program's file. */
int topic_spot(char **words)
{
	const ElfW(Phdr) *p = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	size_t count = getauxval(AT_PHNUM);
	uintptr_t spot = (uintptr_t)reach_spot, base = 0;

	(void)words;
	for (size_t i = 0; i < count; i++)
		if (p[i].p_type == PT_PHDR)
			base = (uintptr_t)p - p[i].p_vaddr;
	for (size_t i = 0; i < count; i++)
		if (p[i].p_type == PT_LOAD && spot - base - p[i].p_vaddr < p[i].p_filesz)
			printf("0x%lx\n",
			       (unsigned long)(spot - base - p[i].p_vaddr + p[i].p_offset));
	return 0;
}

static int tick(unsigned long times)
{
	unsigned long n = 0;

	for (unsigned long i = 0; i < times; i++)
		n = reach_spot(n);
	must(n == times, "%lu calls of %lu", n, times);
	return 0;
}

/* Runs on, whatever the command does with the file that it runs from. */
int topic_tick(char **words)
{
	unsigned long times = strtoul(words[0], NULL, 0);

	tick(times);
	if (!words[1])
		return 0;
	run_command(words[1]);
	tick(times);
	for (uint32_t i = 0; i < UNTOUCHED; i++)
		must(untouched[i] == i, "word %u is %u", i, untouched[i]);
	printf("still running\n");
	return 0;
}

/* The address of reach_spot() in a child that has just executed this program's file. */
static long spot_of(pid_t child, const char *program)
{
	char line[4096], command[4096];
	unsigned long from, to, offset, spot = 0;
	FILE *f;

	snprintf(command, sizeof(command), "%s spot", program);
	f = popen(command, "re");
	must(f && fscanf(f, "%lx", &spot) == 1, "%s", command);
	pclose(f);
	snprintf(line, sizeof(line), "/proc/%d/maps", child);
	f = fopen(line, "re");
	must(f != NULL, "%s", line);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx-%lx %*s %lx", &from, &to, &offset) == 3 && spot >= offset &&
		    spot < offset + (to - from)) {
			fclose(f);
			return (long)(from + spot - offset);
		}
	must(0, "no mapping has offset %lx", spot);
	return 0;
}

static void wait_stopped(pid_t child, int by)
{
	int status;

	must(waitpid(child, &status, 0) == child && WIFSTOPPED(status) && WSTOPSIG(status) == by,
	     "child did not stop by signal %d", by);
}

/* A breakpoint in the program's text, by POKETEXT, met once and taken away. */
int topic_break(char **words)
{
	long at, was, is;
	pid_t child;
	int status;

	child = fork();
	if (!child) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execl(words[0], words[0], "tick", "3", NULL);
		_exit(9);
	}
	wait_stopped(child, SIGTRAP);
	at = spot_of(child, words[0]);
	was = ptrace(PTRACE_PEEKTEXT, child, at, NULL);
	must(!ptrace(PTRACE_POKETEXT, child, at, (was & ~0xffl) | 0xcc), "POKETEXT");
	must(!ptrace(PTRACE_CONT, child, NULL, 0), "PTRACE_CONT");
	wait_stopped(child, SIGTRAP);
	is = ptrace(PTRACE_PEEKUSER, child, 16 * sizeof(long), NULL); /* rip */
	must(is == at + 1, "stopped at %lx, not behind %lx", is, at);
	must(!ptrace(PTRACE_POKETEXT, child, at, was) &&
		     !ptrace(PTRACE_POKEUSER, child, 16 * sizeof(long), at) &&
		     !ptrace(PTRACE_CONT, child, NULL, 0),
	     "taking the breakpoint away");
	must(waitpid(child, &status, 0) == child && status == 0, "status %d", status);
	printf("stopped once\n");
	return 0;
}
