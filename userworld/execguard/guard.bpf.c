// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard: a BPF LSM program for what visorfs cannot see (docs/exec.md).
 * visorfs takes care of its own regular files; everything else that could
 * become code is refused here: files of all other file systems, devices,
 * memory files, shared memory and plain memory.
 *
 * Pointers come from the kernel's arguments and are followed with checked
 * reads only: some may be NULL where the kernel's types do not say so.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "guard.h"

#define PROT_WRITE 0x2
#define PROT_EXEC 0x4
#define VM_EXEC 0x4
#define S_IFMT 0170000
#define S_IFREG 0100000
#define SB_KERNMOUNT (1UL << 22)
#define READ_IMPLIES_EXEC 0x0400000
#define PERSONALITY_QUERY 0xffffffff
#define SIGKILL 9

/* The few fields of the kernel's structures that are needed; offsets are those at load time. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct super_block {
	__u32 s_dev;
	unsigned long s_flags;
};
struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
	struct super_block *i_sb;
};
struct file {
	struct inode *f_inode;
};
struct mm_struct {
	struct file *exe_file;
};
struct task_struct {
	struct mm_struct *mm;
	unsigned int ptrace;
};
struct vm_area_struct {
	unsigned long vm_flags;
	struct file *vm_file;
};
struct linux_binprm {
	struct file *file;
};
struct vfsmount {
	struct super_block *mnt_sb;
};
struct pt_regs {
	unsigned long bx;
	unsigned long di;
};
#pragma clang attribute pop

struct dentry;
struct bpf_map;

const volatile struct guard_params params SEC(".rodata.params");

/* Inode numbers of the programs that may generate code. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u64);
	__type(value, __u8);
} jit SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} refusals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} count SEC(".maps");

/* The verifier has to see the very number: the compiler must not calculate it. */
static __always_inline int deny(int error)
{
	asm volatile("" : "+r"(error));
	return error;
}

static __always_inline int refuse(enum guard_what what, int error)
{
	struct guard_refusal *r;
	__u64 *n, number = 0;
	__u32 zero = 0;

	n = bpf_map_lookup_elem(&count, &zero);
	if (n)
		number = __sync_fetch_and_add(n, 1) + 1;
	r = bpf_ringbuf_reserve(&refusals, sizeof(*r), 0);
	if (!r) /* nobody reads: counted it is */
		return deny(error);
	r->count = number;
	r->pid = bpf_get_current_pid_tgid() >> 32;
	r->what = what;
	bpf_get_current_comm(r->comm, sizeof(r->comm));
	bpf_ringbuf_submit(r, 0);
	return deny(error);
}

/* Whether visorfs watches over the file: a regular one of the root file system. */
static __always_inline bool is_watched(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFREG &&
	       BPF_CORE_READ(inode, i_sb, s_dev) == params.root;
}

/* The number of the program that runs; it is a tardisk's, for no other would. */
static __always_inline __u64 program(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct inode *inode = BPF_CORE_READ(task, mm, exe_file, f_inode);

	return inode && BPF_CORE_READ(inode, i_sb, s_dev) == params.root
		       ? BPF_CORE_READ(inode, i_ino)
		       : 0;
}

static __always_inline bool may_generate(void)
{
	__u64 ino = program();

	return bpf_map_lookup_elem(&jit, &ino);
}

/* Memory has no file, or one that nothing but the kernel mounts: memfd, shared memory. */
static __always_inline bool is_memory(struct file *file)
{
	return !file || BPF_CORE_READ(file, f_inode, i_sb, s_flags) & SB_KERNMOUNT;
}

SEC("lsm/bprm_check_security")
int BPF_PROG(guard_exec, struct linux_binprm *bprm)
{
	return is_watched(BPF_CORE_READ(bprm, file)) ? 0 : refuse(GUARD_EXEC, -EACCES);
}

SEC("lsm/mmap_file")
int BPF_PROG(guard_mmap, struct file *unused, unsigned long reqprot, unsigned long prot)
{
	struct file *file = NULL;

	if (!(prot & PROT_EXEC))
		return 0;
	/* The verifier takes the argument for one that is never NULL. */
	bpf_probe_read_kernel(&file, sizeof(file), ctx);
	if (file && is_watched(file))
		return 0;
	if (is_memory(file))
		return may_generate() ? 0 : refuse(GUARD_MEMORY, -EPERM);
	return refuse(GUARD_FILE, -EPERM);
}

SEC("lsm/file_mprotect")
int BPF_PROG(guard_mprotect, struct vm_area_struct *vma, unsigned long reqprot, unsigned long prot)
{
	struct file *file;

	if (!(prot & PROT_EXEC))
		return 0;
	file = BPF_CORE_READ(vma, vm_file);
	if (file && is_watched(file))
		return 0;
	/* The kernel's own code in each process, and what was there before the guard. */
	if (BPF_CORE_READ(vma, vm_flags) & VM_EXEC && !(prot & PROT_WRITE))
		return 0;
	if (is_memory(file) && may_generate())
		return 0;
	return refuse(GUARD_LATER, -EACCES);
}

/*
 * With this personality the heap becomes executable, and no other hook is
 * asked. The call itself cannot be refused from here.
 */
static __always_inline int check_personality(__u32 persona)
{
	if (persona != PERSONALITY_QUERY && persona & READ_IMPLIES_EXEC && !may_generate()) {
		refuse(GUARD_IMPLIED, 0);
		bpf_send_signal(SIGKILL);
	}
	return 0;
}

SEC("fentry/__x64_sys_personality")
int BPF_PROG(guard_personality, struct pt_regs *regs)
{
	return check_personality(BPF_CORE_READ(regs, di));
}

SEC("fentry/__ia32_sys_personality")
int BPF_PROG(guard_personality32, struct pt_regs *regs)
{
	return check_personality(BPF_CORE_READ(regs, bx));
}

/* The rest keeps the guard where it is: its pins, its exceptions, its hooks. */

SEC("lsm/inode_unlink")
int BPF_PROG(guard_pins, struct inode *dir, struct dentry *dentry)
{
	return BPF_CORE_READ(dir, i_sb, s_dev) == params.pins ? deny(-EPERM) : 0;
}

SEC("lsm/sb_umount")
int BPF_PROG(guard_mount, struct vfsmount *mnt, int flags)
{
	return BPF_CORE_READ(mnt, mnt_sb, s_dev) == params.pins ? deny(-EPERM) : 0;
}

SEC("lsm/bpf_map")
int BPF_PROG(guard_exceptions, struct bpf_map *map, unsigned int fmode)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if ((void *)map != (void *)&jit)
		return 0;
	return program() == params.supervisor && !BPF_CORE_READ(task, ptrace) ? 0 : deny(-EPERM);
}

SEC("lsm/bpf")
int BPF_PROG(guard_links, int cmd)
{
	return cmd == BPF_LINK_DETACH || cmd == BPF_LINK_UPDATE ? deny(-EPERM) : 0;
}

/* Without ftrace the kernel calls none of the above. */
SEC("cgroup/sysctl")
int guard_ftrace(struct bpf_sysctl *ctx)
{
	const char ftrace[] = "kernel/ftrace_enabled";
	char name[sizeof(ftrace)] = {};

	if (!ctx->write || bpf_sysctl_get_name(ctx, name, sizeof(name), 0) != sizeof(ftrace) - 1)
		return 1;
	for (unsigned int i = 0; i < sizeof(ftrace); i++)
		if (name[i] != ftrace[i])
			return 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
