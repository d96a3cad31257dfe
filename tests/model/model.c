// SPDX-License-Identifier: GPL-2.0-only
/* The operations: done by the module's code, noted in the record. */
#include "fixture.h"

#include "model.h"

struct visorfs_sb model_sb;
struct record model_record;

static struct super_block super;
static struct visorfs_tardisk *tardisks[TARDISKS];
static const uint8_t *input;
static size_t left;

static unsigned int next_byte(void)
{
	if (!left)
		return 0;
	left--;
	return *input++;
}

/*
 * One byte chooses the shape of a tardisk, one more a path that differs. So few
 * bytes make many different switches, and the same tardisk comes again. Mostly a
 * path is of the same type in all of them: else they could not be attached together.
 */
static void choose_types(enum model_type *types)
{
	u32 shape = next_byte(), edit = next_byte(), z = shape * 2654435761u + 1;

	for (unsigned int p = 0; p < PATHS; p++) {
		bool dir = p < WIDTH + WIDTH * WIDTH && p % WIDTH < WIDTH - 1;
		int parent = path_parent(p);

		z = z * 1664525u + 1013904223u;
		types[p] = z >> 29 > shape % 8	   ? MODEL_NONE
			   : dir ^ !(z >> 24 & 31) ? MODEL_DIR
						   : MODEL_FILE;
		if (edit / 2 == p)
			types[p] = edit & 1 ? MODEL_DIR : MODEL_FILE;
		if (parent >= 0 && types[parent] != MODEL_DIR)
			types[p] = MODEL_NONE;
	}
}

/*
 * The operations. Each is false if there was nothing to do, so that nothing
 * can have changed.
 */

/* Attaches one, detaches another, or both as one. */
static bool do_switch(void)
{
	unsigned int in = next_byte() % (TARDISKS + 1), out = next_byte() % (TARDISKS + 1);
	struct record *r = &model_record;
	struct visorfs_tardisk *new = NULL;
	enum model_type types[PATHS];
	struct visorfs_change change = { .flags = 0 };
	struct visorfs_msg msg = { "" };
	int ret, want = 0;

	if (in == TARDISKS || r->attached[in])
		in = TARDISKS;
	if (out == TARDISKS || !r->attached[out])
		out = TARDISKS;
	if (in == TARDISKS && out == TARDISKS)
		return false;
	if (in < TARDISKS) {
		choose_types(types);
		new = model_tardisk(in, types);
		if (record_conflicts(r, types, out) ||
		    (out < TARDISKS && record_hides_files(r, types, out)))
			want = -EXDEV;
		if (record_has_name(r, in, out))
			want = -EEXIST;
	}
	if (out < TARDISKS)
		change.td = tardisks[out];
	model_fail_at = next_byte() % 8 ? 0 : 1 + next_byte() % 64;
	mutex_lock(&model_sb.switch_mutex);
	ret = visorfs_switch(&model_sb, &new, in < TARDISKS, &change, out < TARDISKS, &msg);
	mutex_unlock(&model_sb.switch_mutex);
	must(ret == want || (ret == -ENOMEM && !model_fail_at));
	model_fail_at = 0;
	if (ret) {
		must(msg.text[0]);
		if (new)
			visorfs_tardisk_put(new);
		return true;
	}
	if (in < TARDISKS) {
		record_attach(r, in, types);
		tardisks[in] = new;
	}
	if (out < TARDISKS)
		record_detach(r, out);
	return true;
}

/* A name of the ramdisk: a file or a directory. */
static bool do_make(enum model_type type)
{
	unsigned int p = next_byte() % PATHS;
	struct visorfs_dir *parent = model_dir_at(path_parent(p)), *dir = NULL;
	struct visorfs_entry *e, *old;
	char name = path_name(p);
	int ret;

	if (record_seen(&model_record, path_parent(p)) != MODEL_DIR ||
	    record_seen(&model_record, (int)p) != MODEL_NONE)
		return false;
	model_fail_at = next_byte() % 8 ? 0 : 1 + next_byte() % 4;
	down_read(&model_sb.sw);
	e = visorfs_new_upper(parent, &name, 1, VISORFS_USER);
	if (e && type == MODEL_DIR)
		dir = visorfs_stack_dir(model_top_at(p)) ?: visorfs_new_dir(&model_sb, parent);
	ret = e && (dir || type == MODEL_FILE) ? 0 : -ENOMEM;
	if (!ret) {
		e->type = dir ? DT_DIR : DT_REG;
		if (dir)
			e->subdir = dir;
		ret = visorfs_show(&model_sb, e, &old);
	}
	up_read(&model_sb.sw);
	must(!ret || (ret == -ENOMEM && !model_fail_at));
	model_fail_at = 0;
	if (ret) {
		if (dir && !dir->providers)
			visorfs_put_dir(&model_sb, dir);
		visorfs_free_upper(e);
		return true;
	}
	visorfs_free_upper(old);
	if (dir) {
		visorfs_dir_provide(dir, e);
		dir->own = true;
	}
	model_record.upper[p] = type;
	return true;
}

/* A directory that shows nothing. */
static bool is_empty(unsigned int p)
{
	unsigned int kid = (p + 1) * WIDTH;

	for (unsigned int k = kid; k < kid + WIDTH && k < PATHS; k++)
		if (record_seen(&model_record, (int)k) != MODEL_NONE)
			return false;
	return true;
}

/* A name is taken away: a file, or an empty directory. */
static bool do_remove(void)
{
	unsigned int p = next_byte() % PATHS;
	enum model_type type = record_seen(&model_record, (int)p);
	struct visorfs_entry *e = model_top_at(p), *wht, *gone;
	char name = path_name(p);
	struct visorfs_dir *dir;

	if (type == MODEL_NONE || (type == MODEL_DIR && !is_empty(p)))
		return false;
	dir = visorfs_entry_dir(e);
	wht = visorfs_new_upper(e->dir, &name, 1, VISORFS_USER);
	down_read(&model_sb.sw);
	if (!visorfs_needs_whiteout(e)) {
		visorfs_free_upper(wht);
		wht = NULL;
	}
	must(!!wht == (record_below(&model_record, p) != MODEL_NONE));
	gone = visorfs_hide(&model_sb, e, wht);
	up_read(&model_sb.sw);
	if (gone && dir)
		visorfs_dir_unprovide(&model_sb, dir, gone);
	visorfs_free_upper(gone);
	model_record.upper[p] = wht ? MODEL_WHITEOUT : MODEL_NONE;
	return true;
}

static void set_up(void)
{
	struct visorfs_sb *sb = &model_sb;

	memset(sb, 0, sizeof(*sb));
	memset(&model_record, 0, sizeof(model_record));
	model_compare_reset();
	super.s_fs_info = sb;
	sb->sb = &super;
	INIT_LIST_HEAD(&sb->tardisks);
	INIT_LIST_HEAD(&sb->dirs);
	must(!visorfs_names_init(sb));
	model_small_table(sb);
	sb->root = visorfs_new_dir(sb, NULL);
	sb->root->own = true;
	sb->root->providers = 1;
}

static void detach_all(void)
{
	struct visorfs_change change = { .flags = VISORFS_DETACH_DISCARD };

	mutex_lock(&model_sb.switch_mutex);
	for (unsigned int t = 0; t < TARDISKS; t++) {
		if (!model_record.attached[t])
			continue;
		change.td = tardisks[t];
		must(!visorfs_switch(&model_sb, NULL, 0, &change, 1, NULL));
		record_detach(&model_record, t);
		model_compare();
	}
	mutex_unlock(&model_sb.switch_mutex);
}

/* Takes everything away: nothing may be left, nor lost (the leak checker looks). */
static void tear_down(void)
{
	struct visorfs_sb *sb = &model_sb;
	u32 cookie = 0;

	detach_all();
	for (unsigned int p = PATHS; p-- > 0;) {
		struct visorfs_entry *e;
		struct visorfs_dir *dir;

		if (record_seen(&model_record, (int)p) == MODEL_NONE)
			continue;
		e = model_top_at(p);
		dir = visorfs_entry_dir(e);
		e = visorfs_hide(sb, e, NULL);
		if (dir)
			visorfs_dir_unprovide(sb, dir, e);
		visorfs_free_upper(e);
		model_record.upper[p] = MODEL_NONE;
	}
	must(!visorfs_next_name(sb, sb->root, &cookie));
	must(!atomic_read(&sb->slots) &&
	     list_entry(sb->dirs.next, struct visorfs_dir, list) == sb->root);
	visorfs_free_dirs(sb);
	visorfs_names_exit(sb);
}

static bool do_one(void)
{
	switch (next_byte() % 8) {
	case 0:
	case 1:
		return do_switch();
	case 2:
	case 3:
		return do_make(MODEL_FILE);
	case 4:
		return do_make(MODEL_DIR);
	default:
		return do_remove();
	}
}

unsigned int model_run(const uint8_t *bytes, size_t len)
{
	unsigned int operations = 0;

	input = bytes;
	left = len;
	set_up();
	while (left) {
		if (!do_one())
			continue;
		operations++;
		model_compare();
	}
	tear_down();
	return operations;
}
