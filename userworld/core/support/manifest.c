// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "conf.h"

#define BLANKS " \t\r"
#define COPY_DEFAULT (UINT64_C(256) << 10) /* bytes */
#define NAME_MAX_LEN 64

/* A line on its way: what is left of its words. */
struct line {
	struct manifest *m;
	unsigned int number;
	const char *words[MANIFEST_WORDS + 1];
	size_t count, next;
};

static int wrong(const struct line *l, struct err *e, const char *what, const char *word)
{
	return err_set(e, ERR_INVALID, "%s" MANIFEST_SUFFIX ":%u: %s%s%.64s%s", l->m->name,
		       l->number, what, word ? " '" : "", word ? word : "", word ? "'" : "");
}

static const char *next_word(struct line *l)
{
	return l->next < l->count ? l->words[l->next++] : NULL;
}

/* What is left, with a NULL at the end, behind what *list has already. */
static int take_rest(struct line *l, const char ***list, struct err *e)
{
	size_t have = 0, more = l->count - l->next;
	const char **longer;

	if (!more)
		return wrong(l, e, "nothing follows", l->words[0]);
	while (*list && (*list)[have])
		have++;
	longer = reallocarray(*list, have + more + 1, sizeof(*longer));
	if (!longer)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	memcpy(longer + have, l->words + l->next, more * sizeof(*longer));
	longer[have + more] = NULL;
	l->next = l->count;
	*list = longer;
	return 0;
}

static int take_paths(struct line *l, const char ***list, struct err *e)
{
	for (size_t i = l->next; i < l->count; i++)
		if (l->words[i][0] != '/' || strstr(l->words[i], "/../"))
			return wrong(l, e, "not an absolute path:", l->words[i]);
	return take_rest(l, list, e);
}

static int take_size(const struct line *l, const char *word, uint64_t max, uint64_t *bytes,
		     struct err *e)
{
	if (!word || size_parse(word, bytes) < 0 || *bytes < 1 || *bytes > max)
		return wrong(l, e, "no size, or more than there may be:", word ? word : "");
	return 0;
}

/* copy [head=SIZE|tail=SIZE] PATTERN... */
static int take_copy(struct line *l, struct manifest_entry *n, struct err *e)
{
	const char *word = l->next < l->count ? l->words[l->next] : "";

	n->kind = MANIFEST_COPY;
	n->max = COPY_DEFAULT;
	if (!strncmp(word, "head=", 5) || !strncmp(word, "tail=", 5)) {
		n->tail = *word == 't';
		l->next++;
		if (take_size(l, word + 5, MANIFEST_COPY_MAX, &n->max, e) < 0)
			return -1;
	}
	return take_paths(l, &n->words, e);
}

/* It becomes the name of a file. */
static bool good_name(const char *name)
{
	if (!isalnum((unsigned char)name[0]) || strlen(name) > NAME_MAX_LEN)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._+-", *name))
			return false;
	return true;
}

/* exec SECONDS SIZE NAME COMMAND [ARGUMENT...] */
static int take_exec(struct line *l, struct manifest_entry *n, struct err *e)
{
	const char *seconds = next_word(l), *size = next_word(l);
	char *end = NULL;

	n->kind = MANIFEST_EXEC;
	n->timeout = seconds && isdigit((unsigned char)*seconds)
			     ? (unsigned int)strtoul(seconds, &end, 10)
			     : 0;
	if (!end || *end || n->timeout < 1 || n->timeout > MANIFEST_TIMEOUT_MAX)
		return wrong(l, e, "no number of seconds from 1 to 120:", seconds ? seconds : "");
	if (take_size(l, size, MANIFEST_EXEC_MAX, &n->max, e) < 0)
		return -1;
	n->name = next_word(l);
	if (!n->name || !good_name(n->name))
		return wrong(l, e, "no name for a file:", n->name ? n->name : "");
	if (l->next < l->count && l->words[l->next][0] != '/')
		return wrong(l, e, "not an absolute path:", l->words[l->next]);
	return take_rest(l, &n->words, e);
}

static int take_entry(struct line *l, bool exec, struct err *e)
{
	struct manifest_entry *n = &l->m->entries[l->m->count];

	if (l->m->count == MANIFEST_ENTRIES)
		return wrong(l, e, "more entries than there may be", NULL);
	l->m->count++;
	return exec ? take_exec(l, n, e) : take_copy(l, n, e);
}

static int take_group(struct line *l, struct err *e)
{
	const char *group = next_word(l);

	if (!group || !good_name(group) || l->next < l->count)
		return wrong(l, e, "no name of a group:", group ? group : "");
	l->m->group = group;
	return 0;
}

static int take_words(struct line *l, struct err *e)
{
	const char *key = next_word(l);

	if (!strcmp(key, "copy") || !strcmp(key, "exec"))
		return take_entry(l, *key == 'e', e);
	if (!strcmp(key, "group"))
		return take_group(l, e);
	if (!strcmp(key, "refuse"))
		return take_paths(l, &l->m->refuse, e);
	if (!strcmp(key, "secret"))
		return take_rest(l, &l->m->secret, e);
	return wrong(l, e, "unknown word", key);
}

static int take_line(struct manifest *m, char *text, unsigned int number, struct err *e)
{
	struct line l = { .m = m, .number = number };
	char *rest = NULL;

	text += strspn(text, BLANKS);
	/* The one line that is not made of words. */
	if (!strncmp(text, "about", 5) && text[5] && strchr(BLANKS, text[5])) {
		m->about = text + 5 + strspn(text + 5, BLANKS);
		return 0;
	}
	if (*text == '#')
		return 0;
	for (char *w = strtok_r(text, BLANKS, &rest); w; w = strtok_r(NULL, BLANKS, &rest)) {
		if (l.count == MANIFEST_WORDS)
			return wrong(&l, e, "more words than there may be", NULL);
		l.words[l.count++] = w;
	}
	return l.count ? take_words(&l, e) : 0;
}

int manifest_parse(struct manifest *m, const char *name, const char *text, struct err *e)
{
	unsigned int number = 0;
	char *at, *line;

	memset(m, 0, sizeof(*m));
	m->about = "";
	m->group = "system";
	m->name = strdup(name);
	m->text = at = strdup(text);
	if (!m->name || !m->text) {
		manifest_free(m);
		return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	while ((line = strsep(&at, "\n")))
		if (take_line(m, line, ++number, e) < 0) {
			manifest_free(m);
			return -1;
		}
	return 0;
}

void manifest_free(struct manifest *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->entries[i].words);
	free(m->refuse);
	free(m->secret);
	free(m->name);
	free(m->text);
	memset(m, 0, sizeof(*m));
}
