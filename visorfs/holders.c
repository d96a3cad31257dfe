// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds a file: the processes that have it open, mapped or running, for
 * the message of a refused detach. Looks at every process once, which takes a
 * while; so it is done after the switch has let go of sw.
 */
#include <linux/fdtable.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "switch.h"

static int is_file(const void *inode, struct file *file, unsigned int fd)
{
	return file_inode(file) == inode;
}

static bool has_open(struct task_struct *task, const struct inode *inode)
{
	bool open;

	task_lock(task);
	open = task->files && iterate_fd(task->files, 0, is_file, inode);
	task_unlock(task);
	return open;
}

/* A program that runs is mapped like any other file. */
static bool has_mapped(struct task_struct *task, const struct inode *inode)
{
	struct mm_struct *mm = get_task_mm(task);
	struct vm_area_struct *vma;
	bool mapped = false;

	if (!mm)
		return false;
	mmap_read_lock(mm);
	{
		VMA_ITERATOR(vmi, mm, 0);

		for_each_vma(vmi, vma) {
			mapped = vma->vm_file && file_inode(vma->vm_file) == inode;
			if (mapped)
				break;
		}
	}
	mmap_read_unlock(mm);
	mmput(mm);
	return mapped;
}

/* All processes there are, with references; *count of them. Kernel threads are none. */
static struct task_struct **all_processes(u32 *count)
{
	struct task_struct *task, **list;
	u32 most = 64;

	rcu_read_lock();
	for_each_process(task)
		most++;
	rcu_read_unlock();
	*count = 0;
	list = kvmalloc_array(most, sizeof(*list), GFP_KERNEL);
	if (!list)
		return NULL;
	rcu_read_lock();
	for_each_process(task) {
		if (*count == most)
			break;
		if (!(task->flags & PF_KTHREAD))
			list[(*count)++] = get_task_struct(task);
	}
	rcu_read_unlock();
	return list;
}

/*
 * Writes "NAME (pid N), ..." for as many holders as there is room for. What no
 * process holds is a loop device's, or a descriptor on its way over a socket.
 */
void visorfs_describe_holders(const struct inode *inode, char *buf, size_t size)
{
	struct task_struct **list;
	size_t len = 0;
	u32 count, i;

	list = all_processes(&count);
	for (i = 0; i < count; i++) {
		struct task_struct *task = list[i];
		char one[TASK_COMM_LEN + 24], comm[TASK_COMM_LEN];
		size_t n;

		if (len < size && (has_open(task, inode) || has_mapped(task, inode))) {
			get_task_comm(comm, task);
			n = scnprintf(one, sizeof(one), "%s%s (pid %d)", len ? ", " : "", comm,
				      task_tgid_vnr(task));
			if (len + n + sizeof(" ...") > size) {
				strscpy(buf + len, " ...", size - len);
				len = size;
			} else {
				strscpy(buf + len, one, size - len);
				len += n;
			}
		}
		put_task_struct(task);
		cond_resched();
	}
	kvfree(list);
	if (!len)
		strscpy(buf, "no process, but the kernel", size);
}
