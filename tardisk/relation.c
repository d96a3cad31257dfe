// SPDX-License-Identifier: Apache-2.0
#include "relation.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const op_names[] = {
	[BUNDLE_ANY] = "", [BUNDLE_LT] = "<<", [BUNDLE_LE] = "<=",
	[BUNDLE_EQ] = "=", [BUNDLE_GE] = ">=", [BUNDLE_GT] = ">>",
};

#define OPS (sizeof(op_names) / sizeof(op_names[0]))
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char *word_fault(const char *text, const char *first, const char *others)
{
	size_t len = strlen(text);

	if (!len || len > 63)
		return "must have 1 to 63 characters";
	if (!strchr(first, text[0]))
		return "begins with a character that is not allowed there";
	if (strspn(text + 1, others) != len - 1)
		return "has a character that is not allowed";
	return NULL;
}

const char *bundle_name_fault(const char *name)
{
	return word_fault(name, LOWER DIGITS, LOWER DIGITS "+._-");
}

const char *bundle_version_fault(const char *version)
{
	return word_fault(version, LOWER UPPER DIGITS, LOWER UPPER DIGITS "+.~-");
}

/* The next word of *text into 64 bytes; *text goes behind it. False if there is none or it is long.
 */
static bool take_word(const char **text, char *word)
{
	size_t len;

	*text += strspn(*text, " ");
	len = strcspn(*text, " ");
	if (!len || len > 63)
		return false;
	memcpy(word, *text, len);
	word[len] = '\0';
	*text += len;
	return true;
}

static bool find_op(const char *word, enum bundle_op *op)
{
	for (size_t i = BUNDLE_ANY + 1; i < OPS; i++) {
		if (strcmp(word, op_names[i]))
			continue;
		*op = (enum bundle_op)i;
		return true;
	}
	return false;
}

int bundle_relation_parse(const char *text, struct bundle_relation *relation, struct err *e)
{
	const char *rest = text, *fault;
	char op[64];

	memset(relation, 0, sizeof(*relation));
	if (!take_word(&rest, relation->name) || bundle_name_fault(relation->name))
		return err_set(e, ERR_INVALID, "\"%.100s\" does not begin with a name", text);
	if (!*rest)
		return 0;
	if (!take_word(&rest, op) || !find_op(op, &relation->op))
		return err_set(e, ERR_INVALID, "\"%.100s\" has no << <= = >= or >> behind the name",
			       text);
	if (!take_word(&rest, relation->version))
		return err_set(e, ERR_INVALID, "\"%.100s\" has no version", text);
	fault = bundle_version_fault(relation->version);
	if (fault)
		return err_set(e, ERR_INVALID, "\"%.100s\": the version %s", text, fault);
	if (*rest)
		return err_set(e, ERR_INVALID, "\"%.100s\" has more than NAME OP VERSION", text);
	return 0;
}

char *bundle_relation_format(const struct bundle_relation *relation, char *text)
{
	if (relation->op == BUNDLE_ANY)
		snprintf(text, BUNDLE_RELATION_TEXT, "%s", relation->name);
	else
		snprintf(text, BUNDLE_RELATION_TEXT, "%s %s %s", relation->name,
			 op_names[relation->op], relation->version);
	return text;
}

/* '~' sorts before the end of the part, that before letters, these before all else. */
static int weight(const char *p, const char *end)
{
	if (p == end || isdigit((unsigned char)*p))
		return 0;
	if (*p == '~')
		return -1;
	if (isalpha((unsigned char)*p))
		return *p;
	return *p + 256;
}

/* Digits as a number of any length. */
static int compare_digits(const char **a, const char *a_end, const char **b, const char *b_end)
{
	int first = 0;

	while (*a < a_end && **a == '0')
		(*a)++;
	while (*b < b_end && **b == '0')
		(*b)++;
	while (*a < a_end && *b < b_end && isdigit((unsigned char)**a) &&
	       isdigit((unsigned char)**b)) {
		if (!first)
			first = **a - **b;
		(*a)++;
		(*b)++;
	}
	if (*a < a_end && isdigit((unsigned char)**a))
		return 1;
	if (*b < b_end && isdigit((unsigned char)**b))
		return -1;
	return first;
}

/* Parts without digits by weight and parts of digits by number, in turn. */
static int compare_part(const char *a, const char *a_end, const char *b, const char *b_end)
{
	while (a < a_end || b < b_end) {
		int order;

		while ((a < a_end && !isdigit((unsigned char)*a)) ||
		       (b < b_end && !isdigit((unsigned char)*b))) {
			order = weight(a, a_end) - weight(b, b_end);
			if (order)
				return order;
			a += a < a_end;
			b += b < b_end;
		}
		order = compare_digits(&a, a_end, &b, b_end);
		if (order)
			return order;
	}
	return 0;
}

int bundle_version_compare(const char *a, const char *b)
{
	const char *a_end = a + strlen(a), *b_end = b + strlen(b);
	const char *a_dash = strrchr(a, '-'), *b_dash = strrchr(b, '-');
	int order = compare_part(a, a_dash ? a_dash : a_end, b, b_dash ? b_dash : b_end);

	if (order)
		return order;
	return compare_part(a_dash ? a_dash + 1 : a_end, a_end, b_dash ? b_dash + 1 : b_end, b_end);
}

bool bundle_relation_holds(const struct bundle_relation *relation, const char *name,
			   const char *version)
{
	int order;

	if (strcmp(relation->name, name))
		return false;
	if (relation->op == BUNDLE_ANY)
		return true;
	order = bundle_version_compare(version, relation->version);
	switch (relation->op) {
	case BUNDLE_LT:
		return order < 0;
	case BUNDLE_LE:
		return order <= 0;
	case BUNDLE_EQ:
		return order == 0;
	case BUNDLE_GE:
		return order >= 0;
	default:
		return order > 0;
	}
}
