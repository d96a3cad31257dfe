// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include <stdarg.h>
#include <stdio.h>

int program_help(const struct program *p)
{
	printf("usage: %s%s%s\n%s", p->name, *p->usage ? " " : "", p->usage, p->help);
	return program_end(p);
}

int program_version(const struct program *p, const char *version)
{
	printf("%s %s\n", p->name, version);
	return program_end(p);
}

int program_usage(const struct program *p, const char *fmt, ...)
{
	if (fmt) {
		va_list ap;

		fprintf(stderr, "%s: ", p->name);
		va_start(ap, fmt);
		vfprintf(stderr, fmt, ap);
		va_end(ap);
		fputc('\n', stderr);
	}
	fprintf(stderr, "usage: %s%s%s\nTry '%s --help'.\n", p->name, *p->usage ? " " : "",
		p->usage, p->name);
	return EXIT_USAGE;
}

int program_fail(const struct program *p, const struct err *e)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", p->name, e->text);
	return err_exit_code(e->kind);
}

int program_end(const struct program *p)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	fprintf(stderr, "%s: standard output could not be written\n", p->name);
	return 1;
}
