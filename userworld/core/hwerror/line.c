// SPDX-License-Identifier: Apache-2.0
#include "line.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MARK "[Hardware Error]: "

/* Bits of a bank's status (MCi_STATUS). */
#define STATUS_UNCORRECTED (UINT64_C(1) << 61)
#define STATUS_CONTEXT_CORRUPT (UINT64_C(1) << 57)

const char *const hwerror_severities[HWERROR_SEVERITIES] = { "corrected", "uncorrected", "fatal" };

static void set(struct hwerror *h, const char *source, enum hwerror_severity severity)
{
	memset(h, 0, sizeof(*h));
	snprintf(h->source, sizeof(h->source), "%s", source);
	h->severity = severity;
}

static void add_text(struct hwerror *h, const char *word, const char *value, size_t len)
{
	size_t have = strlen(h->text);

	snprintf(h->text + have, sizeof(h->text) - have, "%s%s%.*s", have ? ", " : "", word,
		 (int)len, value);
}

/* "CPU 0: Machine Check: 0 Bank 4: 8c00000000000136" */
static bool check_begins(struct hwerror *h, const char *text)
{
	const char *bank = strstr(text, " Bank ");
	unsigned int cpu, number;
	uint64_t status;

	if (sscanf(text, "CPU %u: Machine Check", &cpu) != 1 || !bank ||
	    sscanf(bank, " Bank %u: %" SCNx64, &number, &status) != 2)
		return false;
	set(h, "cpu",
	    status & STATUS_CONTEXT_CORRUPT ? HWERROR_FATAL
	    : status & STATUS_UNCORRECTED   ? HWERROR_UNCORRECTED
					    : HWERROR_CORRECTED);
	snprintf(h->where, sizeof(h->where), "CPU %u bank %u", cpu, number);
	snprintf(h->text, sizeof(h->text), "status %016" PRIx64, status);
	return true;
}

/* "TSC 0 ADDR 12345000 MISC 8c ": what else a bank said. */
static void check_goes_on(struct hwerror *h, const char *text)
{
	static const char *const words[][2] = { { " ADDR ", "address " }, { " MISC ", "misc " } };

	for (int i = 0; i < 2; i++) {
		const char *at = strstr(text, words[i][0]);

		if (at) {
			at += strlen(words[i][0]);
			add_text(h, words[i][1], at, strcspn(at, " "));
		}
	}
}

static bool machine_check(struct hwerror_reader *r, const char *text, struct hwerror *out)
{
	struct hwerror next;
	bool done = false;

	if (check_begins(&next, text)) {
		/* The last line of the one before was lost. */
		done = r->pending;
		*out = r->held;
		r->held = next;
		r->pending = true;
	} else if (r->pending && !strncmp(text, "TSC ", 4)) {
		check_goes_on(&r->held, text);
	} else if (r->pending && !strncmp(text, "PROCESSOR ", 10)) {
		done = true;
		*out = r->held;
		r->pending = false;
	}
	return done;
}

/* "{1}[Hardware Error]: event severity: corrected" */
static bool firmware(const char *line, struct hwerror *out)
{
	const char *at = strstr(line, MARK "event severity: ");

	if (line[0] != '{' || !at)
		return false;
	at += strlen(MARK "event severity: ");
	if (!strncmp(at, "info", 4))
		return false;
	set(out, "firmware",
	    !strncmp(at, "corrected", 9) ? HWERROR_CORRECTED
	    : !strncmp(at, "fatal", 5)	 ? HWERROR_FATAL
					 : HWERROR_UNCORRECTED);
	strcpy(out->where, "firmware");
	return true;
}

/* "pcieport 0000:00:1c.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)"
 */
static bool pci(const char *line, struct hwerror *out)
{
	static const char word[] = ": PCIe Bus Error: severity=";
	const char *at = strstr(line, word), *from = at, *type;

	if (!at)
		return false;
	/* Some kernels name the driver of errors, too. */
	if (at - line > 5 && !memcmp(at - 5, ": AER", 5))
		from = at -= 5;
	while (from > line && from[-1] != ' ')
		from--;
	type = strstr(line, "type=");
	set(out, "pci",
	    strstr(at, "severity=Corrected") ? HWERROR_CORRECTED
	    : strstr(at, "(Fatal)")	     ? HWERROR_FATAL
					     : HWERROR_UNCORRECTED);
	snprintf(out->where, sizeof(out->where), "%.*s", (int)(at - from), from);
	if (type)
		add_text(out, "", type + strlen("type="), strlen(type) - strlen("type="));
	return true;
}

/* "EDAC MC0: 1 CE memory read error on CPU_SrcID#0_MC#0_Chan#0_DIMM#0 (...)" */
static bool memory(const char *line, struct hwerror *out)
{
	unsigned int controller, count;
	char kind[3];
	int len = 0;

	if (sscanf(line, "EDAC MC%u: %u %2s %n", &controller, &count, kind, &len) != 3 || !len)
		return false;
	if (strcmp(kind, "CE") != 0 && strcmp(kind, "UE") != 0)
		return false;
	set(out, "memory", kind[0] == 'C' ? HWERROR_CORRECTED : HWERROR_UNCORRECTED);
	snprintf(out->where, sizeof(out->where), "memory controller %u", controller);
	add_text(out, "", line + len, strlen(line + len));
	return true;
}

bool hwerror_line(struct hwerror_reader *r, const char *line, struct hwerror *out)
{
	static const char mce[] = "mce: " MARK;

	if (!strncmp(line, mce, strlen(mce)))
		return machine_check(r, line + strlen(mce), out);
	return firmware(line, out) || pci(line, out) || memory(line, out);
}
