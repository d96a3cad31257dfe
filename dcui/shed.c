// SPDX-License-Identifier: Apache-2.0
/* The linker reads the symbols of all libraries, and the kernel maps large files in large pieces.
 */
#include "dcui/shed.h"

#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* A part that may not be written to is as it is in its file. What the linker changes is in others,
 * of which it closes some afterwards: all code is position independent, and has nothing to change.
 */
static int shed_object(struct dl_phdr_info *object, size_t size, void *data)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)size;
	(void)data;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		uintptr_t begin = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
		uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;

		/* If it fails the pages stay, which is no harm. */
		if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
			madvise((void *)begin, end - begin, MADV_DONTNEED);
	}
	return 0;
}

void shed_pages(void)
{
	dl_iterate_phdr(shed_object, NULL);
}
