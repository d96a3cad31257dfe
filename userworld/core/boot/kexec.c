// SPDX-License-Identifier: Apache-2.0
#include "kexec.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "boot.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/bank/copy.h"
#include "userworld/core/internal.h"
#include "userworld/core/system/memory.h"

#define STEP 65536u /* bytes copied at once */
#define COPIES 3    /* of the image at once: ours, the kernel's, and where it will be started */
#define REST (UINT64_C(16) << 20) /* bytes that all else is left */

static int add(char line[static KEXEC_LINE], struct err *e, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int add(char line[static KEXEC_LINE], struct err *e, const char *format, ...)
{
	size_t len = strlen(line);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line + len, KEXEC_LINE - len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= KEXEC_LINE - len)
		return err_set(e, ERR_INVALID, "the kernel's command line has more than %d bytes",
			       KEXEC_LINE - 1);
	return 0;
}

int kexec_line(const struct bootcfg *cfg, const char *guid, char line[static KEXEC_LINE],
	       struct err *e)
{
	line[0] = '\0';
	if (add(line, e, "%s%svisoros.modules=", cfg->options, cfg->options[0] ? " " : "") < 0)
		return -1;
	/* Stage 0 is the first module, and wants to know the order of the others. */
	for (size_t i = 1; i < cfg->n_modules; i++)
		if (add(line, e, "%s%s", i > 1 ? "," : "", cfg->modules[i]) < 0)
			return -1;
	return add(line, e, " visoros.bank=%s", guid);
}

/* Each module starts at a multiple of 4, as the kernel wants it. */
static int copy_module(struct fat *fat, const struct bootcfg *cfg, size_t i, int fd, struct err *e)
{
	struct stat st;

	if (bank_copy_out(fat, cfg, i, fd, NULL, NULL, e) < 0)
		return -1;
	if (fstat(fd, &st) < 0 || fd_write_all(fd, "\0\0\0", (size_t)(-st.st_size & 3)) < 0)
		return err_sys(e, errno, "modules in memory");
	return 0;
}

static int enough_memory(struct fat *fat, const struct bootcfg *cfg, struct err *e)
{
	uint32_t sizes[1 + BOOTCFG_MODULES];
	uint64_t total, available, need = REST;

	if (bank_copy_sizes(fat, cfg, 1 + cfg->n_modules, sizes, e) < 0 ||
	    core_memory(&total, &available, e) < 0)
		return -1;
	for (size_t i = 0; i <= cfg->n_modules; i++)
		need += COPIES * (uint64_t)sizes[i];
	if (need <= available)
		return 0;
	return err_set(e, ERR_NO_SPACE,
		       "%llu MiB of memory are missing: the image is in it %d times for a moment; "
		       "restart through the firmware instead",
		       (unsigned long long)((need - available + (1 << 20) - 1) >> 20), COPIES);
}

static int load_files(struct fat *fat, const struct bootcfg *cfg, const char *line, struct err *e)
{
	_cleanup_close_ int kernel = memfd_create("kernel", MFD_CLOEXEC);
	_cleanup_close_ int modules = memfd_create("modules", MFD_CLOEXEC);

	if (kernel < 0 || modules < 0)
		return err_sys(e, errno, "memfd_create");
	if (bank_copy_out(fat, cfg, 0, kernel, NULL, NULL, e) < 0)
		return -1;
	for (size_t i = 1; i <= cfg->n_modules; i++)
		if (copy_module(fat, cfg, i, modules, e) < 0)
			return -1;
	if (kexec_call(kernel, modules, line) == 0)
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "the running kernel does not take the next one: %s; restart through the "
		       "firmware instead",
		       strerror(errno));
}

static int load_bank(const struct banks *b, unsigned int bank, struct err *e)
{
	const struct bootcfg *cfg = &b->bank[bank].cfg;
	_cleanup_blkio_ struct blkio *io = banks_open(b, bank, false, e);
	_cleanup_free_ struct fat *fat = malloc(sizeof(*fat));
	char line[KEXEC_LINE];

	if (!io)
		return -1;
	if (!fat)
		return core_nomem(e);
	if (!cfg->has_digests || !cfg->n_modules)
		return err_set(e, ERR_CONFLICT, "boot.cfg has no %s",
			       cfg->n_modules ? "digests" : "modules");
	if (kexec_line(cfg, b->medium.part[MEDIUM_BANK0 + bank].guid, line, e) < 0 ||
	    fat_open(fat, io, e) < 0 || enough_memory(fat, cfg, e) < 0)
		return -1;
	return load_files(fat, cfg, line, e);
}

/* The loader's, which will not run: a first start that fails is found out by the one after it. */
static int make_changes(struct banks *b, struct err *e)
{
	const struct bank_choice next = b->next;

	for (size_t i = 0; i < next.n; i++)
		if (banks_set_state(b, next.changes[i].bank, next.changes[i].to, e) < 0)
			return -1;
	return 0;
}

int kexec_load(struct err *e)
{
	_cleanup_free_ struct banks *b = NULL;
	_cleanup_close_ int lock = -1;

	if (boot_look_locked(&b, &lock, e) < 0)
		return -1;
	if (b->next.reason == BANK_NONE)
		return err_set(e, ERR_CONFLICT, "neither bank of the boot medium can be started");
	if (load_bank(b, b->next.bank, e) < 0)
		return err_wrap(e, "bank %u cannot be started from here", b->next.bank);
	if (make_changes(b, e) == 0)
		return 0;
	kexec_forget();
	return -1;
}

void kexec_forget(void)
{
	kexec_call(-1, -1, "");
}
