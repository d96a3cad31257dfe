// SPDX-License-Identifier: Apache-2.0
/*
 * A seed from anywhere, as a host without state reads it: YAML, its translation to answers, and
 * what is taken of these. The first byte chooses which of the three files it is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/install/answers.h"
#include "userworld/provision/seed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever comes out of a seed is lines of known keys: nothing of a value has become a line. */
static void check_lines(const char *answers)
{
	static const char *const keys[] = { "hostname", "root-password", "ssh-key.",
					    "bundle.",	"address",	 "gateway",
					    "dns",	"ntp",		 "syslog",
					    NULL };

	for (const char *line = answers; *line; line = strchr(line, '\n') + 1) {
		bool known = false;

		for (size_t i = 0; keys[i]; i++)
			known = known || !strncmp(line, keys[i], strlen(keys[i]));
		if (!known || !strchr(line, '\n'))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seed s = { 0 };
	struct install_answers a;
	char *answers = NULL, *text;
	json_t *unknown;

	if (size < 1 || size > YAML_TEXT_MAX)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	*(data[0] % 3 == 0   ? &s.user_data
	  : data[0] % 3 == 1 ? &s.meta_data
			     : &s.network_config) = text;
	unknown = json_array();
	if (seed_answers(&s, &answers, unknown, NULL) == 0) {
		check_lines(answers);
		install_answers_parse_host(&a, "seed", answers, NULL);
		install_answers_free(&a);
	}
	json_decref(unknown);
	free(answers);
	free(text);
	return 0;
}
