// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was attached, for those who must be told by hardware: an entry in IMA's
 * list of measurements, which extends PCR 10 of a TPM where there is one. IMA
 * takes it if its policy asks for critical data (ima_policy=critical_data).
 */
#define pr_fmt(fmt) "visorfs: " fmt

#include <linux/ima.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "internal.h"

#define TEXT 320

/* what: "attach" or "detach". */
void visorfs_measure(const struct visorfs_tardisk *td, const char *what)
{
	char *text;
	int len;

	if (!IS_ENABLED(CONFIG_IMA))
		return;
	text = kmalloc(TEXT, GFP_KERNEL | __GFP_NOFAIL);
	/* The instance and the order make no two events the same: IMA leaves out repetitions. */
	len = scnprintf(text, TEXT,
			"%s instance=%u order=%llu name=%s root=%32phN level=%s version=%s", what,
			td->sbi->instance, td->order, td->name, td->digests.list.root,
			tardisk_level_name(td->signature.level), td->signature.version);
	ima_measure_critical_data("visorfs", "tardisk", text, len, false, NULL, 0);
	kfree(text);
}
