// SPDX-License-Identifier: Apache-2.0
/* Values of an option: what the operation takes, or what a list of the host has. */
#include <string.h>

#include "completion.h"

struct spot {
	const char *lead; /* "--name=" */
	size_t kept;	  /* bytes of the value that stay: "a,b," */
	const char *value;
	FILE *out;
};

static void offer(const struct spot *s, const char *word, size_t len)
{
	const char *rest = s->value + s->kept;

	if (strlen(rest) <= len && !strncmp(word, rest, strlen(rest)))
		fprintf(s->out, "%s%.*s%.*s\n", s->lead, (int)s->kept, s->value, (int)len, word);
}

static void offer_words(const struct spot *s, const char *words)
{
	for (const char *word = words; word; word = strchr(word, '|')) {
		word += *word == '|';
		offer(s, word, strcspn(word, "|"));
	}
}

/* Each value of a field of a list once: "system.service.list name". */
static void offer_list(const struct spot *s, cli_transport *ask, const char *among)
{
	const char *field = strchr(among, ' ') + 1;
	json_t *seen = json_object(), *rows = NULL, *params = json_object(), *row;
	char op[64];
	size_t i;

	snprintf(op, sizeof(op), "%.*s", (int)(field - 1 - among), among);
	if (ask(op, params, &rows, NULL) < 0)
		rows = NULL;
	json_array_foreach (rows, i, row) {
		json_t *value = json_object_get(row, field);
		char number[32] = "";
		const char *word = json_string_value(value) ?: number;

		if (json_is_integer(value))
			snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
				 json_integer_value(value));
		if (!word[0] || json_object_get(seen, word))
			continue;
		json_object_set_new(seen, word, json_true());
		offer(s, word, strlen(word));
	}
	json_decref(rows);
	json_decref(params);
	json_decref(seen);
}

void complete_value(const struct completion *c, const struct cli_option *o, const char *lead,
		    const char *value, FILE *out)
{
	const struct core_param *p = cli_param(c->command, o);
	const char *comma = cli_is_list(o) ? strrchr(value, ',') : NULL;
	struct spot s = { lead, comma ? (size_t)(comma + 1 - value) : 0, value, out };

	if (o->kind == CLI_TRUTH)
		offer_words(&s, "true|false");
	else if (p && p->words)
		offer_words(&s, p->words);
	else if (p && p->among && c->ask)
		offer_list(&s, c->ask, p->among);
	else if (c->local && o->argument && strstr(o->argument, "PATH"))
		fputs(":files\n", out);
}
