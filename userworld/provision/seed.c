// SPDX-License-Identifier: Apache-2.0
#include "seed.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

void seed_unknown(struct seed_reader *r, const char *where, const json_t *object,
		  const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)object, key, value) {
		bool found = false;

		for (size_t i = 0; known[i]; i++)
			found = found || !strcmp(known[i], key);
		if (!found)
			json_array_append_new(r->unknown, json_sprintf("%s: %s", where, key));
	}
}

bool seed_is_true(const json_t *value, bool otherwise)
{
	const char *text = json_string_value(value);

	if (!text)
		return otherwise;
	return !strcasecmp(text, "true") || !strcasecmp(text, "yes") || !strcasecmp(text, "on");
}

/* A line end in a value would begin a line of its own. */
static int put(struct seed_reader *r, const char *key, const char *text, struct err *e)
{
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return err_set(e, ERR_INVALID, "%s: has a control character", key);
	fputs(text, r->out);
	return 0;
}

int seed_line(struct seed_reader *r, const char *key, const json_t *value, struct err *e)
{
	if (!value || json_is_null(value))
		return 0;
	if (!json_is_string(value))
		return err_set(e, ERR_INVALID, "%s: must be a text", key);
	fprintf(r->out, "%s = ", key);
	if (put(r, key, json_string_value(value), e) < 0)
		return -1;
	fputc('\n', r->out);
	return 0;
}

int seed_list_line(struct seed_reader *r, const char *key, const json_t *value, struct err *e)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(value))
		return seed_line(r, key, value, e);
	if (json_array_size(value) == 0)
		return 0;
	fprintf(r->out, "%s =", key);
	json_array_foreach (value, i, item) {
		if (!json_is_string(item))
			return err_set(e, ERR_INVALID, "%s: must be a list of texts", key);
		fputc(' ', r->out);
		if (put(r, key, json_string_value(item), e) < 0)
			return -1;
	}
	fputc('\n', r->out);
	return 0;
}

/* Parses one of the files to an object; NULL, if there is none or it is empty. */
static int take(const char *name, const char *text, json_t **out, struct err *e)
{
	*out = NULL;
	if (!text)
		return 0;
	if (yaml_read(name, text, strlen(text), out, e) < 0)
		return -1;
	if (json_is_object(*out))
		return 0;
	if (json_is_null(*out)) {
		*out = NULL;
		return 0;
	}
	json_decref(*out);
	*out = NULL;
	return err_set(e, ERR_INVALID, "%s: must be keys with values", name);
}

/* Scripts and archives would be refused as YAML, but in words that nobody understands. */
static int check_kind(const char *user_data, struct err *e)
{
	static const char header[] = "#cloud-config";
	size_t len = user_data ? strcspn(user_data, "\r\n") : 0;

	if (len == 0 ||
	    (len >= sizeof(header) - 1 && !strncmp(user_data, header, sizeof(header) - 1)))
		return 0;
	return err_set(e, ERR_INVALID,
		       "user-data: begins with '%.*s', but only \"#cloud-config\" is known",
		       len > 40 ? 40 : (int)len, user_data);
}

static int write_answers(struct seed_reader *r, const json_t *meta, const json_t *user,
			 const json_t *network, struct err *e)
{
	if (seed_meta(r, meta, user, e) < 0 || seed_user(r, user, e) < 0)
		return -1;
	return seed_network(r, network, e);
}

int seed_answers(const struct seed *s, char **answers, json_t *unknown, struct err *e)
{
	struct seed_reader r = { .unknown = unknown };
	json_t *meta = NULL, *user = NULL, *network = NULL;
	size_t len;
	int rc;

	*answers = NULL;
	r.out = open_memstream(answers, &len);
	if (!r.out)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	rc = check_kind(s->user_data, e);
	if (rc == 0)
		rc = take("meta-data", s->meta_data, &meta, e);
	if (rc == 0)
		rc = take("user-data", s->user_data, &user, e);
	if (rc == 0)
		rc = take("network-config", s->network_config, &network, e);
	if (rc == 0)
		rc = write_answers(&r, meta, user, network, e);
	json_decref(meta);
	json_decref(user);
	json_decref(network);
	if (fclose(r.out) != 0 && rc == 0)
		rc = err_set(e, ERR_NO_SPACE, "out of memory");
	if (rc < 0) {
		free(*answers);
		*answers = NULL;
	}
	return rc;
}
