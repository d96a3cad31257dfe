// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bank_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/bank/write.h"

static void fill(struct sample *s, size_t i, uint32_t size)
{
	unsigned char digest[SHA256_SIZE];

	s->sizes[i] = size;
	s->data[i] = malloc(size);
	assert_non_null(s->data[i]);
	for (uint32_t at = 0; at < size; at++)
		s->data[i][at] = (unsigned char)(at * 7 + at / 251 + s->number * 31 + i);
	assert_int_equal(sha256_of(s->data[i], size, digest), 0);
	sha256_text(digest, s->cfg.digests[i]);
}

void sample_make(struct sample *s, unsigned int number)
{
	memset(s, 0, sizeof(*s));
	s->number = number;
	s->cfg = (struct bootcfg){ .state = BANK_INVALID, .updated = number, .n_modules = 2 };
	snprintf(s->cfg.build, sizeof(s->cfg.build), "0.1.%u-1-gabcdef", number);
	snprintf(s->cfg.kernel, FAT_NAME, "vmlinuz");
	snprintf(s->cfg.options, sizeof(s->cfg.options), "console=ttyS0 number=%u", number);
	snprintf(s->cfg.modules[0], FAT_NAME, "stage0.img");
	snprintf(s->cfg.modules[1], FAT_NAME, "base.v00");
	s->cfg.has_digests = s->cfg.has_self = true;
	fill(s, 0, 5000 + number * 700);
	fill(s, 1, 300);
	fill(s, 2, 7000 - number * 500);
}

void sample_free(struct sample *s)
{
	for (size_t i = 0; i < SAMPLE_FILES; i++)
		free(s->data[i]);
}

int sample_write(const struct sample *s, struct blkio *io, int state, struct err *e)
{
	struct bank_write *w;
	int rc = 0;

	if (bank_write_start(&w, io, &s->cfg, s->sizes, e) < 0)
		return -1;
	for (size_t i = 0; i < SAMPLE_FILES && rc == 0; i++)
		rc = bank_write_add(w, s->data[i], s->sizes[i], e);
	if (rc == 0)
		rc = bank_write_end(w, state, e);
	bank_write_free(w);
	return rc;
}

struct powercut *sample_disk(const struct sample *s, int state)
{
	struct powercut *pc = powercut_new(NULL, SAMPLE_SIZE);
	struct err e = ERR_INIT;

	if (sample_write(s, powercut_disk(pc), state, &e) < 0)
		fail_msg("%s", e.text);
	powercut_mark(pc);
	return pc;
}

int sample_startable_is_whole(void *context, struct blkio *disk, char why[static 256])
{
	struct sample_update *u = context;
	struct bank_view view;
	struct bank b;

	if (bank_look(disk, &b, NULL) < 0)
		return 1;
	bank_view(&b, &view);
	if (!view.counts || view.state == BANK_INVALID) {
		u->seen_nothing++;
		return 0;
	}
	snprintf(why, 256, "build %s in state %d, %d files not good", b.cfg.build, b.cfg.state,
		 bank_verify(disk, &b, NULL, NULL, NULL));
	if (bank_verify(disk, &b, NULL, NULL, NULL) != 0)
		return 1;
	if (view.updated == u->new->cfg.updated) {
		u->seen_new++;
		return view.state != BANK_UPGRADING || strcmp(b.cfg.build, u->new->cfg.build) != 0;
	}
	u->seen_old++;
	return view.state != u->old_state || strcmp(b.cfg.build, u->old->cfg.build) != 0;
}
