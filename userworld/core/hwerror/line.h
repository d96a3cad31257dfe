/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hardware errors as the kernel's log tells them: machine checks, memory (EDAC), PCI Express (AER)
 * and what firmware reports (APEI). Pure.
 */
#ifndef VISOR_CORE_HWERROR_LINE_H
#define VISOR_CORE_HWERROR_LINE_H

#include <stdbool.h>

enum hwerror_severity {
	HWERROR_CORRECTED,
	HWERROR_UNCORRECTED,
	HWERROR_FATAL,
	HWERROR_SEVERITIES,
};

extern const char *const hwerror_severities[HWERROR_SEVERITIES]; /* "corrected" ... */

struct hwerror {
	char source[16]; /* "cpu", "memory", "pci", "firmware" */
	char where[64];	 /* "CPU 0 bank 4", "0000:00:1c.0" */
	enum hwerror_severity severity;
	char text[160]; /* what else is known */
};

/* A machine check is several lines: it is held back until the last of them. */
struct hwerror_reader {
	bool pending;
	struct hwerror held;
};

/* The text of one record of the kernel's log. True if an error is complete. */
bool hwerror_line(struct hwerror_reader *r, const char *line, struct hwerror *out);

#endif
