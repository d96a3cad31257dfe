/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of the kernel as the namespace and the requests of visorfs need to be compiled and
 * run in one thread of a process: locks count, memory is malloc's and can be
 * made to fail, an xarray is a sorted array. Stands for all of <linux/...>.
 */
#ifndef MODEL_KERNEL_H
#define MODEL_KERNEL_H

#include "kernel/base.h"
#include "kernel/memory.h"
#include "kernel/lock.h"
#include "kernel/list.h"
#include "kernel/xarray.h"
#include "kernel/hash.h"
#include "kernel/fs.h"
#include "kernel/text.h"
#include "kernel/user.h"

#endif
