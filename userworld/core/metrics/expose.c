// SPDX-License-Identifier: Apache-2.0
#include "expose.h"

#include <math.h>

#define EXACT 9007199254740992.0 /* 2^53 */

static void escape(FILE *out, const char *text, const char *reserved)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '\\' || *text == *reserved)
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
}

void expose_family(FILE *out, const char *name, enum expose_type type, const char *help)
{
	fprintf(out, "# HELP %s ", name);
	escape(out, help, "");
	fprintf(out, "\n# TYPE %s %s\n", name, type == EXPOSE_COUNTER ? "counter" : "gauge");
}

void expose_sample(FILE *out, const char *name, const struct expose_label *labels, size_t n,
		   double value)
{
	fputs(name, out);
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
		escape(out, labels[i].value, "\"");
		fputc('"', out);
	}
	fputs(n ? "} " : " ", out);
	if (value == floor(value) && fabs(value) <= EXACT)
		fprintf(out, "%.0f\n", value);
	else
		fprintf(out, "%.15g\n", value);
}
