// SPDX-License-Identifier: GPL-2.0-only
/*
 * Execution from tardisks only, once an instance was told so (docs/exec.md):
 * a regular file may be run, read as a script by exec, or mapped executable
 * only as long as it is what its tardisk says.
 *
 * A file becomes a branch before its first change, in visorfs_branch(). Used as
 * code is a file that exec has open, which the running program's is to its
 * end, and one with a mapping that is or ever was executable: its change is
 * refused with ETXTBSY. The VFS knows the former: nobody may write what exec
 * has open, and the other way round. The latter are counted under the lock of
 * the inode, always: those that are there when the switch is thrown count too.
 *
 * Such a mapping has a mark, which the kernel copies with it where it splits,
 * moves or forks it, and that is where open() and close() keep the count.
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/jiffies.h>
#include <linux/slab.h>

#include "internal.h"

#define SAY_EVERY (5 * HZ) /* at most one line of an instance in this time */
#define MARK ((void *)1) /* of a mapping, in vm_private_data */

static atomic_t enforcing = ATOMIC_INIT(0); /* instances */

/* There is no way back. */
void visorfs_exec_restrict(struct visorfs_sb *sbi)
{
	if (cmpxchg(&sbi->exec_restricted, 0, 1))
		return;
	atomic_inc(&enforcing);
	pr_info("instance %u: only unchanged files of tardisks are executed from now on\n",
		sbi->instance);
}

/* Mounting one more instance is no way around it. */
void visorfs_exec_init(struct visorfs_sb *sbi)
{
	if (atomic_read(&enforcing))
		visorfs_exec_restrict(sbi);
}

void visorfs_exec_exit(struct visorfs_sb *sbi)
{
	if (sbi->exec_restricted)
		atomic_dec(&enforcing);
}

static bool restricted(const struct visorfs_inode *vi)
{
	return READ_ONCE(VSB(vi->vfs.i_sb)->exec_restricted);
}

/* Counts the refusal, and says it now and then. */
static void refused(struct inode *inode, const char *what)
{
	struct visorfs_sb *sbi = VSB(inode->i_sb);
	unsigned long said = READ_ONCE(sbi->exec_said);
	char *buf, *path = NULL;
	struct dentry *dentry;

	atomic64_inc(&sbi->exec_refused);
	if (said && time_before(jiffies, said + SAY_EVERY))
		return;
	if (cmpxchg(&sbi->exec_said, said, jiffies ?: 1) != said)
		return;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	dentry = d_find_any_alias(inode);
	if (buf && dentry)
		path = dentry_path_raw(dentry, buf, PATH_MAX);
	if (IS_ERR_OR_NULL(path))
		path = "(unknown file)";
	pr_warn("%s (pid %d) may not %s %s: only unchanged files of tardisks are executed; programs come in bundles\n",
		current->comm, task_tgid_nr(current), what, path);
	dput(dentry);
	kfree(buf);
}

/* One more use of the file as code, unless it may not be. */
static bool begin(struct visorfs_inode *vi)
{
	bool ok;

	spin_lock(&vi->lock);
	ok = !vi->rd || !restricted(vi);
	if (ok)
		vi->exec_users++;
	spin_unlock(&vi->lock);
	return ok;
}

static void add(struct visorfs_inode *vi, int n)
{
	spin_lock(&vi->lock);
	vi->exec_users += n;
	spin_unlock(&vi->lock);
}

/* Whether the file must not change now; the caller holds the inode's info lock. */
bool visorfs_exec_in_use(const struct visorfs_inode *vi)
{
	return (vi->exec_users || atomic_read(&vi->vfs.i_writecount) < 0) && restricted(vi);
}

/* Whether it is no code, or no longer. */
bool visorfs_exec_forbidden(const struct inode *inode)
{
	return restricted(VI(inode)) && READ_ONCE(VI(inode)->rd);
}

/*
 * Has to be there from an inode's birth: the VFS remembers that one has none.
 * Between this and the moment from which nobody may write the file, it may
 * still change: what exec reads then is looked at again, in read_iter().
 */
int visorfs_permission(struct mnt_idmap *idmap, struct inode *inode, int mask)
{
	if (unlikely(mask & MAY_EXEC) && visorfs_exec_forbidden(inode)) {
		if (mask & MAY_OPEN)
			refused(inode, "execute");
		return -EACCES;
	}
	return generic_permission(idmap, inode, mask);
}

/*
 * No page that the process may have written becomes code, nor is code
 * writable; also the process's own copies of a tardisk's pages are not the
 * tardisk's. What debuggers put there anyway stays.
 */
static bool is_written(const struct vm_area_struct *vma, unsigned long flags)
{
	return flags & VM_WRITE || (vma->anon_vma && !(vma->vm_flags & VM_EXEC));
}

static int become_code(struct vm_area_struct *vma, unsigned long flags, int error)
{
	struct visorfs_inode *vi = VI(file_inode(vma->vm_file));

	if (restricted(vi) && is_written(vma, flags)) {
		refused(&vi->vfs, "write and execute its copy of");
		return error;
	}
	if (vma->vm_private_data)
		return 0;
	if (!begin(vi)) {
		refused(&vi->vfs, "map as code");
		return error;
	}
	vma->vm_private_data = MARK;
	return 0;
}

/* Error numbers are those of a mount without exec. */
int visorfs_exec_mmap(struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_EXEC ? become_code(vma, vma->vm_flags, -EPERM) : 0;
}

int visorfs_exec_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  unsigned long flags)
{
	if (!(flags & VM_EXEC))
		return 0;
	/* It is code already and stays that, whatever became of the file. */
	if (vma->vm_flags & VM_EXEC && !(flags & VM_WRITE))
		return 0;
	return become_code(vma, flags, -EACCES);
}

void visorfs_exec_vma_open(struct vm_area_struct *vma)
{
	if (vma->vm_private_data)
		add(VI(file_inode(vma->vm_file)), 1);
}

void visorfs_exec_vma_close(struct vm_area_struct *vma)
{
	if (vma->vm_private_data)
		add(VI(file_inode(vma->vm_file)), -1);
}
