// SPDX-License-Identifier: Apache-2.0
#include "bootcfg.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fat_make.h"

#define SIGNATURE "# GRUB Environment Block\n"
#define SEPARATOR " --- "
#define SELF "self"

const char *bank_state_name(int state)
{
	static const char *const names[] = { "valid", "upgrading", "dirty", "invalid" };

	return state >= 0 && state <= BANK_INVALID ? names[state] : "unknown";
}

const char *bootcfg_file(const struct bootcfg *cfg, size_t i)
{
	if (i == 0)
		return cfg->kernel;
	return i <= cfg->n_modules ? cfg->modules[i - 1] : NULL;
}

/* One value while the text is read. */
struct value {
	const char *text; /* not ended by a NUL */
	size_t len;
	size_t at; /* in the whole text */
};

typedef int take_fn(struct bootcfg *cfg, const struct value *v);

/* They return 0, or -1 for what cannot be. */
static int take_state(struct bootcfg *cfg, const struct value *v)
{
	if (v->len != 1)
		return 0;
	cfg->state_at = v->at;
	if (v->text[0] >= '0' && v->text[0] <= '3')
		cfg->state = v->text[0] - '0';
	return 0;
}

static int take_updated(struct bootcfg *cfg, const struct value *v)
{
	unsigned long n = 0;

	if (v->len == 0 || v->len > 9)
		return -1;
	for (size_t i = 0; i < v->len; i++) {
		if (!isdigit((unsigned char)v->text[i]))
			return -1;
		n = n * 10 + (unsigned long)(v->text[i] - '0');
	}
	cfg->updated = n;
	return 0;
}

/* What it says is shown on consoles: plain characters only. */
static int copy(char *to, size_t size, const char *text, size_t len)
{
	if (len >= size)
		return -1;
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return -1;
	memcpy(to, text, len);
	to[len] = '\0';
	return 0;
}

static int copy_name(char to[static FAT_NAME], const char *text, size_t len)
{
	return copy(to, FAT_NAME, text, len) < 0 || !fat_name_ok(to) ? -1 : 0;
}

static int take_build(struct bootcfg *cfg, const struct value *v)
{
	return copy(cfg->build, sizeof(cfg->build), v->text, v->len);
}

static int take_kernel(struct bootcfg *cfg, const struct value *v)
{
	return copy_name(cfg->kernel, v->text, v->len);
}

static int take_options(struct bootcfg *cfg, const struct value *v)
{
	return copy(cfg->options, sizeof(cfg->options), v->text, v->len);
}

/* The part of text up to a separator, which is skipped. */
static size_t part(const char **text, size_t *len, const char *separator, const char **word)
{
	const char *end = memmem(*text, *len, separator, strlen(separator));
	size_t n = end ? (size_t)(end - *text) : *len;
	size_t skip = end ? n + strlen(separator) : n;

	*word = *text;
	*text += skip;
	*len -= skip;
	return n;
}

static int take_modules(struct bootcfg *cfg, const struct value *v)
{
	const char *text = v->text, *word;
	size_t len = v->len, n;

	while (len > 0) {
		n = part(&text, &len, SEPARATOR, &word);
		if (cfg->n_modules == BOOTCFG_MODULES ||
		    copy_name(cfg->modules[cfg->n_modules++], word, n) < 0)
			return -1;
	}
	return 0;
}

static int take_digests(struct bootcfg *cfg, const struct value *v)
{
	const char *text = v->text, *word;
	size_t len = v->len, n = 0;

	while (len > 0) {
		size_t size = part(&text, &len, " ", &word);

		if (n > BOOTCFG_MODULES || size != SHA256_HEX - 1)
			return -1;
		for (size_t i = 0; i < size; i++)
			if (!memchr("0123456789abcdef", word[i], 16))
				return -1;
		copy(cfg->digests[n++], SHA256_HEX, word, size);
	}
	cfg->has_digests = n > 0;
	return 0;
}

/*
 * The digest of the first len bytes of a text. The digit of the state changes alone, so it counts
 * as 0.
 */
static int digest_of(const char *text, size_t len, size_t state_at, char hex[static SHA256_HEX])
{
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
	size_t rest = state_at && state_at < len ? state_at : len;

	if (sha256_start(&sum, NULL) < 0 || sha256_add(&sum, text, rest, NULL) < 0)
		return -1;
	if (rest < len && (sha256_add(&sum, "0", 1, NULL) < 0 ||
			   sha256_add(&sum, text + rest + 1, len - rest - 1, NULL) < 0))
		return -1;
	return sha256_end(&sum, hex, NULL);
}

/* It stands last. What is not so is damage, and the bank still one: the loader takes it, too. */
static int take_self(struct bootcfg *cfg, const struct value *v)
{
	const char *text = v->text - v->at;
	char hex[SHA256_HEX];

	cfg->has_self = true;
	cfg->self_bad = digest_of(text, v->at - strlen(SELF "="), cfg->state_at, hex) < 0 ||
			v->len != SHA256_HEX - 1 || memcmp(v->text, hex, SHA256_HEX - 1) != 0;
	return 0;
}

static const struct key {
	const char *name;
	take_fn *take;
} keys[] = {
	{ "bootstate", take_state }, { "updated", take_updated },   { "build", take_build },
	{ "kernel", take_kernel },   { "kernelopt", take_options }, { "modules", take_modules },
	{ "sha256", take_digests },  { SELF, take_self },
};

static int take_line(struct bootcfg *cfg, const char *text, size_t at, size_t len,
		     unsigned int *seen)
{
	const char *equals = memchr(text + at, '=', len);
	struct value v;

	if (len == 0 || text[at] == '#')
		return 0;
	if (!equals)
		return -1;
	/* Nothing vouches for what stands behind the digest. */
	cfg->self_bad |= cfg->has_self;
	v.text = equals + 1;
	v.at = (size_t)(v.text - text);
	v.len = at + len - v.at;
	for (unsigned int i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strlen(keys[i].name) != (size_t)(equals - (text + at)) ||
		    strncmp(keys[i].name, text + at, strlen(keys[i].name)) != 0)
			continue;
		if (*seen & 1u << i)
			return -1;
		*seen |= 1u << i;
		return keys[i].take(cfg, &v);
	}
	return 0;
}

/* As many digests as files, or none that could be believed. */
static int check_digests(const struct bootcfg *cfg, struct err *e)
{
	size_t n = 0;

	while (n <= BOOTCFG_MODULES && cfg->digests[n][0])
		n++;
	if (cfg->has_digests && n != cfg->n_modules + 1)
		return err_set(e, ERR_INVALID, BOOTCFG_FILE ": %zu digests of %zu files", n,
			       cfg->n_modules + 1);
	return 0;
}

int bootcfg_parse(const char *text, size_t len, struct bootcfg *cfg, struct err *e)
{
	unsigned int seen = 0, number = 0;

	memset(cfg, 0, sizeof(*cfg));
	cfg->state = BANK_UNKNOWN;
	/* GRUB takes nothing else, so neither does the host. */
	if (len < strlen(SIGNATURE) || memcmp(text, SIGNATURE, strlen(SIGNATURE)) != 0)
		return err_set(e, ERR_INVALID,
			       BOOTCFG_FILE " does not begin with '# GRUB Environment Block'");
	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end ? (size_t)(end - (text + at)) : len - at;

		number++;
		if (take_line(cfg, text, at, n, &seen) < 0)
			return err_set(e, ERR_INVALID, BOOTCFG_FILE ": line %u cannot be: %.*s",
				       number, n < 60 ? (int)n : 60, text + at);
		at += n + 1;
	}
	return check_digests(cfg, e);
}

static void print_lists(FILE *f, const struct bootcfg *cfg)
{
	fputs("modules=", f);
	for (size_t i = 0; i < cfg->n_modules; i++)
		fprintf(f, "%s%s", i ? SEPARATOR : "", cfg->modules[i]);
	fprintf(f, "\nbuild=%s\n", cfg->build);
	if (!cfg->has_digests)
		return;
	fputs("sha256=", f);
	for (size_t i = 0; i <= cfg->n_modules; i++)
		fprintf(f, "%s%s", i ? " " : "", cfg->digests[i]);
	fputc('\n', f);
}

/* Of what f has written to text so far. */
static void print_self(FILE *f, const char *text, size_t state_at)
{
	char hex[SHA256_HEX];

	if (fflush(f) == 0 && digest_of(text, (size_t)ftell(f), state_at, hex) == 0)
		fprintf(f, SELF "=%s\n", hex);
}

/* A backslash is GRUB's own; a quote would end the options that its menu offers for editing. */
static bool printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '\\' || *text == '\'')
			return false;
	return true;
}

int bootcfg_print(struct bootcfg *cfg, char *text, size_t size, struct err *e)
{
	long len;
	FILE *f;

	if (!printable(cfg->options) || !printable(cfg->build))
		return err_set(e, ERR_INVALID,
			       BOOTCFG_FILE
			       ": only plain characters, without \\ and ', can be in '%.100s'",
			       cfg->options);
	f = fmemopen(text, size, "w");
	if (!f)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	cfg->state_at = strlen(SIGNATURE "bootstate=");
	fprintf(f, SIGNATURE "bootstate=%d\nupdated=%lu\nkernel=%s\nkernelopt=%s\n", cfg->state,
		cfg->updated, cfg->kernel, cfg->options);
	print_lists(f, cfg);
	if (cfg->has_self)
		print_self(f, text, cfg->state_at);
	len = fflush(f) == 0 ? ftell(f) : -1;
	fclose(f);
	cfg->self_bad = false;
	if (len < 0 || (size_t)len / BOOTCFG_BLOCK * BOOTCFG_BLOCK + BOOTCFG_BLOCK > size)
		return err_set(e, ERR_INVALID, BOOTCFG_FILE ": larger than %zu bytes", size);
	while (len % BOOTCFG_BLOCK)
		text[len++] = '#';
	return (int)len;
}

size_t bootcfg_sums(const struct bootcfg *cfg, char text[static BOOTCFG_SUMS_MAX])
{
	size_t len = 0;

	for (size_t i = 0; bootcfg_file(cfg, i); i++)
		len += (size_t)snprintf(text + len, BOOTCFG_SUMS_MAX - len, "%s  %s\n",
					cfg->digests[i], bootcfg_file(cfg, i));
	return len;
}
