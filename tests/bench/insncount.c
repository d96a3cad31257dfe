// SPDX-License-Identifier: Apache-2.0
/*
 * A plugin of QEMU that counts how often each instruction of the guest's kernel is executed.
 *
 *	-plugin insncount.so,out=FILE
 *
 * span_begin() and span_end() in the guest say what belongs together. For each span FILE gets
 * "span" and lines "ADDRESS COUNT CALLS INCLUSIVE", in hexadecimal and decimal: how often that
 * instruction was executed; and if a function starts there, how often it was called and
 * returned, and how many instructions were executed in between, by others as well. Programs
 * are one line, with address 0. The guest has to have one processor.
 *
 * QEMU 7.2's header is not packaged: what is used of its interface is declared here.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*on_execute)(unsigned int cpu, void *data);
typedef void (*on_translate)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);

enum { NO_REGISTERS = 0, ADD_U64 = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, on_translate f);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, on_execute f, int flags,
					  void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, on_execute f, int flags,
					    void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *to,
						uint64_t what);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

/* One for each address of an instruction; they are never freed. */
struct counter {
	uint64_t address, count;
	uint64_t calls, inclusive;
	struct counter *next;
};

/* Instructions that are executed one after the other. */
struct block {
	uint64_t address, end, count;
	bool calls; /* the last one calls a function */
};

/* A function that was called and has not returned. */
struct frame {
	struct counter *function;
	uint64_t back, start;
};

#define BUCKETS (1u << 20)
#define DEEP 4096
#define LOST 6 /* frames that may be given up to get back in step */

static struct counter *buckets[BUCKETS];
static struct counter programs;
static struct frame stack[DEEP];
static unsigned int depth;
static uint64_t total;
static const struct block *before;
static FILE *out;

static struct counter *counter_of(uint64_t address)
{
	struct counter **bucket = &buckets[(address ^ address >> 20) % BUCKETS], *c;

	if (!(address >> 63))
		return &programs;
	for (c = *bucket; c; c = c->next)
		if (c->address == address)
			return c;
	c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->address = address;
	c->next = *bucket;
	*bucket = c;
	return c;
}

/* A block that a function returns to ends that function, and those that it called. */
static void leave(uint64_t address)
{
	unsigned int low = depth > LOST ? depth - LOST : 0;

	for (unsigned int i = depth; i-- > low;) {
		if (stack[i].back != address)
			continue;
		while (depth > i) {
			const struct frame *f = &stack[--depth];

			f->function->calls++;
			f->function->inclusive += total - f->start;
		}
		return;
	}
}

static void on_block(unsigned int cpu, void *data)
{
	const struct block *block = data;

	(void)cpu;
	if (before && before->calls && depth < DEEP)
		stack[depth++] = (struct frame){ counter_of(block->address), before->end, total };
	else
		leave(block->address);
	total += block->count;
	before = block;
}

static void print(const struct counter *c)
{
	fprintf(out, "%" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", c->address, c->count,
		c->calls, c->inclusive);
}

/* A mark: the end of a span if data is not NULL. Everything starts again at 0. */
static void on_mark(unsigned int cpu, void *data)
{
	(void)cpu;
	if (data) {
		fprintf(out, "span\n");
		print(&programs);
	}
	programs.count = programs.calls = programs.inclusive = 0;
	for (unsigned int i = 0; i < BUCKETS; i++)
		for (struct counter *c = buckets[i]; c; c = c->next) {
			if (data && c->count)
				print(c);
			c->count = c->calls = c->inclusive = 0;
		}
	depth = 0;
	fflush(out);
}

static bool is_call(const unsigned char *code)
{
	/* A REX prefix, or the one that retpolines put before a call. */
	if ((*code & 0xf0) == 0x40 || *code == 0x2e)
		code++;
	return *code == 0xe8 || (*code == 0xff && (code[1] >> 3 & 7) == 2);
}

/* The long nops of span.c. */
static void find_mark(struct qemu_plugin_insn *insn)
{
	static const unsigned char nop[] = { 0x0f, 0x1f, 0x84, 0x00 };
	const unsigned char *code = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != 8 || memcmp(code, nop, sizeof(nop)) != 0)
		return;
	if (!memcmp(code + 4, "kram", 4))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, NO_REGISTERS, NULL);
	if (!memcmp(code + 4, "lram", 4))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, NO_REGISTERS, &programs);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);
	struct block *block = calloc(1, sizeof(*block));

	(void)id;
	if (!block)
		abort();
	block->address = qemu_plugin_tb_vaddr(tb);
	block->count = count;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD_U64,
							   &counter_of(address)->count, 1);
		find_mark(insn);
		block->end = address + qemu_plugin_insn_size(insn);
		block->calls = is_call(qemu_plugin_insn_data(insn));
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, NO_REGISTERS, block);
}

__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc == 1 && !strncmp(argv[0], "out=", 4))
		out = fopen(argv[0] + 4, "w");
	if (!out)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
