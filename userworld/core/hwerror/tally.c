// SPDX-License-Identifier: Apache-2.0
#include "tally.h"

#include <stdio.h>
#include <string.h>

#include "utc.h"

static struct tally_row *row_of(struct tally *t, const struct hwerror *h)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].last.severity == h->severity &&
		    !strcmp(t->rows[i].last.where, h->where) &&
		    !strcmp(t->rows[i].last.source, h->source))
			return &t->rows[i];
	return t->n < TALLY_ROWS ? &t->rows[t->n++] : NULL;
}

bool tally_add(struct tally *t, const struct hwerror *h, time_t now, uint64_t *more)
{
	struct tally_row *row = row_of(t, h);

	if (!row) {
		/* The last row is for all that have none, whatever they are. */
		row = &t->rows[TALLY_ROWS - 1];
		strcpy(row->last.where, "others");
		strcpy(row->last.text, "");
	} else {
		row->last = *h;
	}
	row->count++;
	row->time = now;
	if (now - t->since >= TALLY_SECONDS || now < t->since) {
		t->since = now;
		t->told = 0;
	}
	*more = t->held;
	if (t->told == TALLY_EVENTS) {
		t->held++;
		return false;
	}
	t->told++;
	t->held = 0;
	return true;
}

json_t *tally_pack(const struct tally *t)
{
	json_t *errors = json_array();

	for (size_t i = 0; i < t->n; i++) {
		const struct tally_row *r = &t->rows[i];
		char when[UTC_MAX];

		json_array_append_new(errors,
				      json_pack("{s:s, s:s, s:s, s:I, s:s, s:s}", "source",
						r->last.source, "where", r->last.where, "severity",
						hwerror_severities[r->last.severity], "count",
						(json_int_t)r->count, "time",
						utc_text(r->time, when), "text", r->last.text));
	}
	return json_pack("{s:I, s:o}", "sequence", (json_int_t)t->sequence, "errors", errors);
}

static bool take_row(struct tally_row *r, json_t *row)
{
	const char *source, *where, *severity, *when, *text;
	json_int_t count;
	time_t at;

	if (json_unpack(row, "{s:s, s:s, s:s, s:I, s:s, s:s}", "source", &source, "where", &where,
			"severity", &severity, "count", &count, "time", &when, "text", &text) < 0 ||
	    utc_parse(when, &at) < 0)
		return false;
	memset(r, 0, sizeof(*r));
	snprintf(r->last.source, sizeof(r->last.source), "%s", source);
	snprintf(r->last.where, sizeof(r->last.where), "%s", where);
	snprintf(r->last.text, sizeof(r->last.text), "%s", text);
	for (int i = 0; i < HWERROR_SEVERITIES; i++)
		if (!strcmp(severity, hwerror_severities[i]))
			r->last.severity = (enum hwerror_severity)i;
	r->count = (uint64_t)count;
	r->time = at;
	return true;
}

void tally_unpack(struct tally *t, json_t *packed)
{
	json_t *row;
	size_t i;

	memset(t, 0, sizeof(*t));
	t->sequence = (uint64_t)json_integer_value(json_object_get(packed, "sequence"));
	json_array_foreach (json_object_get(packed, "errors"), i, row)
		if (t->n < TALLY_ROWS && take_row(&t->rows[t->n], row))
			t->n++;
}
