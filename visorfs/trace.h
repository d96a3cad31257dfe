/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints; docs/visorfs.md lists them. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM visorfs

#if !defined(VISORFS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VISORFS_TRACE_H

#include <linux/tracepoint.h>

#include "internal.h"

DECLARE_EVENT_CLASS(visorfs_tardisk,
		    TP_PROTO(const struct visorfs_tardisk *td),
		    TP_ARGS(td),
		    TP_STRUCT__entry(__field(u32, instance)
				     __field(u32, files)
				     __field(u64, pages)
				     __string(tardisk, td->name)),
		    TP_fast_assign(__entry->instance = td->sbi->instance;
				   __entry->files = td->files;
				   __entry->pages = td->pages;
				   __assign_str(tardisk);),
		    TP_printk("instance=%u tardisk=%s files=%u pages=%llu", __entry->instance,
			      __get_str(tardisk), __entry->files, __entry->pages));

DEFINE_EVENT(visorfs_tardisk, visorfs_attach,
	     TP_PROTO(const struct visorfs_tardisk *td),
	     TP_ARGS(td));

DEFINE_EVENT(visorfs_tardisk, visorfs_detach,
	     TP_PROTO(const struct visorfs_tardisk *td),
	     TP_ARGS(td));

TRACE_EVENT(visorfs_branch,
	    TP_PROTO(const struct inode *inode),
	    TP_ARGS(inode),
	    TP_STRUCT__entry(__field(u32, instance)
			     __field(u64, ino)
			     __string(tardisk, VI(inode)->td->name)
			     __string(ramdisk, VI(inode)->rd->name)),
	    TP_fast_assign(__entry->instance = VSB(inode->i_sb)->instance;
			   __entry->ino = inode->i_ino;
			   __assign_str(tardisk);
			   __assign_str(ramdisk);),
	    TP_printk("instance=%u ino=%llu tardisk=%s ramdisk=%s", __entry->instance, __entry->ino,
		      __get_str(tardisk), __get_str(ramdisk)));

DECLARE_EVENT_CLASS(visorfs_count,
		    TP_PROTO(const struct visorfs_ramdisk *rd, bool inodes, s64 n),
		    TP_ARGS(rd, inodes, n),
		    TP_STRUCT__entry(__field(u32, instance)
				     __field(bool, inodes)
				     __field(s64, n)
				     __field(s64, used)
				     __field(s64, max)
				     __string(ramdisk, rd->name)),
		    TP_fast_assign(const struct visorfs_limit *l = inodes ? &rd->inodes :
									    &rd->pages;

				   __entry->instance = rd->sbi->instance;
				   __entry->inodes = inodes;
				   __entry->n = n;
				   __entry->used = atomic64_read(&l->used);
				   __entry->max = atomic64_read(&l->max);
				   __assign_str(ramdisk);),
		    TP_printk("instance=%u ramdisk=%s %s=%lld used=%lld max=%lld",
			      __entry->instance, __get_str(ramdisk),
			      __entry->inodes ? "inodes" : "pages", __entry->n,
			      __entry->used, __entry->max));

/* Negative: given back. */
DEFINE_EVENT(visorfs_count, visorfs_charge,
	     TP_PROTO(const struct visorfs_ramdisk *rd, bool inodes, s64 n),
	     TP_ARGS(rd, inodes, n));

DEFINE_EVENT(visorfs_count, visorfs_refuse,
	     TP_PROTO(const struct visorfs_ramdisk *rd, bool inodes, s64 n),
	     TP_ARGS(rd, inodes, n));

/* A writer was told that the ramdisk is full. */
TRACE_EVENT(visorfs_full,
	    TP_PROTO(const struct visorfs_ramdisk *rd, bool inodes),
	    TP_ARGS(rd, inodes),
	    TP_STRUCT__entry(__field(u32, instance)
			     __field(bool, inodes)
			     __string(ramdisk, rd->name)),
	    TP_fast_assign(__entry->instance = rd->sbi->instance;
			   __entry->inodes = inodes;
			   __assign_str(ramdisk);),
	    TP_printk("instance=%u ramdisk=%s reason=%s", __entry->instance, __get_str(ramdisk),
		      __entry->inodes ? "inodes" : "bytes"));

/* A mapping met a page that was not ready for it. */
TRACE_EVENT(visorfs_fault,
	    TP_PROTO(const struct inode *inode, pgoff_t index, const char *what),
	    TP_ARGS(inode, index, what),
	    TP_STRUCT__entry(__field(u32, instance)
			     __field(u64, ino)
			     __field(u64, index)
			     __string(what, what)),
	    TP_fast_assign(__entry->instance = VSB(inode->i_sb)->instance;
			   __entry->ino = inode->i_ino;
			   __entry->index = index;
			   __assign_str(what);),
	    TP_printk("instance=%u ino=%llu page=%llu %s", __entry->instance, __entry->ino,
		      __entry->index, __get_str(what)));

#endif

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
