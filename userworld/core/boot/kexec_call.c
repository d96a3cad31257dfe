// SPDX-License-Identifier: Apache-2.0
#include "kexec.h"

#include <linux/kexec.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int kexec_call(int kernel, int initrd, const char *line)
{
	return (int)syscall(SYS_kexec_file_load, kernel, initrd, strlen(line) + 1, line,
			    kernel < 0 ? KEXEC_FILE_UNLOAD : 0);
}
