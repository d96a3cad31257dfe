// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>

#include "program.h"

#define OPTIONS_MAX 32

static const struct program_option *find(const struct program_option *options, int letter)
{
	for (; options->name; options++)
		if (options->letter == letter)
			return options;
	return NULL;
}

/* The same in the two forms that getopt_long() wants. */
static void tell_getopt(const struct program_option *options, struct option *longs, char *shorts)
{
	for (int i = 0; options->name && i < OPTIONS_MAX; i++, options++, longs++) {
		*longs = (struct option){ options->name,
					  options->word ? required_argument : no_argument, NULL,
					  options->letter };
		*shorts++ = options->letter;
		if (options->word)
			*shorts++ = ':';
	}
	*longs++ = (struct option){ "help", no_argument, NULL, 'h' };
	*longs++ = (struct option){ "version", no_argument, NULL, 'V' };
	*longs = (struct option){ 0 };
	*shorts = '\0';
}

int program_options(const struct program *p, const char *version,
		    const struct program_option *options, int argc, char **argv)
{
	struct option longs[OPTIONS_MAX + 3];
	char shorts[2 * OPTIONS_MAX + 1];
	int c;

	tell_getopt(options, longs, shorts);
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct program_option *o = find(options, c);

		if (c == 'h')
			return program_help(p);
		if (c == 'V')
			return program_version(p, version);
		if (!o)
			return program_usage(p, NULL);
		if (o->word)
			*o->word = optarg;
		else
			*o->flag = true;
	}
	return optind == argc ? -1 : program_usage(p, "unexpected '%s'", argv[optind]);
}
