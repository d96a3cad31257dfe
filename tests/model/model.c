// SPDX-License-Identifier: GPL-2.0-only
#include "kernel.h"

#include "model.h"
#include "tree_of.h"
#include "visorfs/load.h"

#define TARDISKS 4

/* What the model knows. */
static enum model_type given[TARDISKS][PATHS]; /* by each tardisk, while it is attached */
static u64 attached[TARDISKS];		       /* when; 0: it is not */
static enum model_type upper[PATHS];
static u32 cookies[PATHS]; /* of the names that were there at the last look */
static u64 clock_now;

static struct visorfs_sb sb;
static struct super_block super;
static const uint8_t *input;
static size_t left;

static unsigned int next_byte(void)
{
	if (!left)
		return 0;
	left--;
	return *input++;
}

#define must(what)                                                                        \
	do {                                                                              \
		if (!(what)) {                                                            \
			fprintf(stderr, "model: %s:%d: %s\n", __func__, __LINE__, #what); \
			abort();                                                          \
		}                                                                         \
	} while (0)

/* The newest tardisk's say, or MODEL_NONE. */
static enum model_type below(unsigned int p)
{
	enum model_type type = MODEL_NONE;
	u64 newest = 0;

	for (unsigned int t = 0; t < TARDISKS; t++) {
		if (attached[t] > newest && given[t][p] != MODEL_NONE) {
			newest = attached[t];
			type = given[t][p];
		}
	}
	return type;
}

static enum model_type seen(int p)
{
	enum model_type type;

	if (p < 0)
		return MODEL_DIR;
	if (seen(path_parent((unsigned int)p)) != MODEL_DIR)
		return MODEL_NONE;
	type = upper[p] == MODEL_NONE ? below((unsigned int)p) : upper[p];
	return type == MODEL_WHITEOUT ? MODEL_NONE : type;
}

static struct visorfs_dir *dir_at(int p)
{
	struct visorfs_dir *parent;
	struct visorfs_entry *e;
	char name;

	if (p < 0)
		return sb.root;
	parent = dir_at(path_parent((unsigned int)p));
	name = path_name((unsigned int)p);
	e = parent ? visorfs_find(&sb, parent, &name, 1) : NULL;
	return e ? visorfs_entry_dir(e) : NULL;
}

static struct visorfs_entry *top_at(unsigned int p)
{
	struct visorfs_dir *dir = dir_at(path_parent(p));
	char name = path_name(p);

	return dir ? visorfs_find(&sb, dir, &name, 1) : NULL;
}

static enum model_type type_of(const struct visorfs_entry *e)
{
	if (!e || e->type == DT_WHT)
		return MODEL_NONE;
	return e->type == DT_DIR ? MODEL_DIR : MODEL_FILE;
}

/* Everything in a directory that is seen: each name once, in ascending places that stay. */
static void check_dir(int at)
{
	unsigned int first = at < 0 ? 0 : ((unsigned int)at + 1) * WIDTH, visible = 0, dirs = 0;
	struct visorfs_dir *dir = dir_at(at);
	bool listed[WIDTH] = { false };
	struct visorfs_entry *e;
	u32 cookie = 0, slots = 0;

	must(dir);
	for (; (e = visorfs_next_name(&sb, dir, &cookie)); cookie++) {
		unsigned int p = first + (unsigned int)(*visorfs_name(e) - 'a');

		must(e->len == 1 && p < first + WIDTH && !listed[p - first]);
		must(e->cookie == cookie && e->dir == dir && visorfs_top(&sb, e) == e);
		listed[p - first] = true;
		slots++;
		if (type_of(e) == MODEL_NONE)
			continue;
		must(!cookies[p] || cookies[p] == cookie);
		cookies[p] = cookie;
		visible++;
		dirs += e->type == DT_DIR;
	}
	must(dir->slots == slots && dir->visible == visible && dir->subdirs == dirs);
}

static void check_all(void)
{
	for (unsigned int p = 0; p < PATHS; p++) {
		char text[PATH_TEXT], buf[64];
		enum model_type type = seen((int)p);
		struct visorfs_entry *e = top_at(p);

		must(type_of(e) == type);
		if (type == MODEL_NONE) {
			cookies[p] = 0;
			continue;
		}
		must(!strcmp(visorfs_entry_path(e, buf, sizeof(buf)) + 1, path_text(p, text)));
	}
	check_dir(-1);
	for (unsigned int p = 0; p < WIDTH + WIDTH * WIDTH; p++)
		if (seen((int)p) == MODEL_DIR)
			check_dir((int)p);
}

static struct visorfs_tardisk *make_tardisk(unsigned int t, const enum model_type *types)
{
	struct visorfs_tardisk *td = calloc(1, sizeof(*td));
	struct visorfs_load l = { .td = td };
	struct visorfs_msg msg = { "" };
	u32 count, len;
	size_t strings;

	must(td);
	kref_init(&td->ref);
	INIT_LIST_HEAD(&td->list);
	td->sbi = &sb;
	snprintf(td->name, sizeof(td->name), "t%u", t);
	l.msg = &msg;
	l.headers = header_area(types, &len);
	must(!tardisk_reader_init(&l.reader, l.headers, len));
	l.volume = l.reader.volume;
	count = l.volume.entries;
	l.list = calloc(count + 1, sizeof(*l.list));
	l.parents = calloc(4 * (count + 1), sizeof(u32));
	l.kid_counts = l.parents + count + 1;
	l.kids = l.kid_counts + count + 1;
	l.places = l.kids + count + 1;
	must(!visorfs_check_entries(&l, &strings));
	td->count = count;
	td->objs = calloc(count + 1, sizeof(*td->objs));
	td->strings = calloc(1, strings);
	l.strings = 1;
	must(!visorfs_build_entries(&l));
	free(l.headers);
	free(l.list);
	free(l.parents);
	return td;
}

static void random_types(enum model_type *types)
{
	for (unsigned int p = 0; p < PATHS; p++) {
		unsigned int b = next_byte();
		int parent = path_parent(p);

		types[p] = b & 1 ? b & 2 ? MODEL_DIR : MODEL_FILE : MODEL_NONE;
		if (parent >= 0 && types[parent] != MODEL_DIR)
			types[p] = MODEL_NONE;
	}
}

/* Whether a tardisk that stays has a file where this one has a directory, or the reverse. */
static bool conflicts(const enum model_type *types, unsigned int leaving)
{
	for (unsigned int p = 0; p < PATHS; p++)
		for (unsigned int t = 0; t < TARDISKS; t++)
			if (t != leaving && attached[t] && types[p] && given[t][p] &&
			    given[t][p] != types[p])
				return true;
	return false;
}

/* Whether a directory's names are all gone once this tardisk is. */
static bool empties(unsigned int p, unsigned int leaving)
{
	unsigned int kid = (p + 1) * WIDTH, k, t;

	for (k = kid; k < kid + WIDTH && k < PATHS; k++) {
		if (upper[k] == MODEL_FILE || upper[k] == MODEL_DIR)
			return false;
		if (upper[k] == MODEL_NONE && given[leaving][k] == MODEL_DIR &&
		    !empties(k, leaving))
			return false;
	}
	for (t = 0; t < TARDISKS; t++)
		if (t != leaving && attached[t] && given[t][p] == MODEL_DIR)
			return false;
	return true;
}

/* Whether a new file would take the place of a directory that users have something in. */
static bool hides_files(const enum model_type *types, unsigned int leaving)
{
	for (unsigned int p = 0; p < PATHS; p++)
		if (types[p] == MODEL_FILE && given[leaving][p] == MODEL_DIR &&
		    upper[p] == MODEL_NONE && !empties(p, leaving))
			return true;
	return false;
}

/* What becomes of the names that only this tardisk gave, the deepest first. */
static void model_detach(unsigned int t)
{
	attached[t] = 0;
	for (unsigned int p = PATHS; p-- > 0;) {
		unsigned int k, kid = (p + 1) * WIDTH;
		bool used = false;

		if (given[t][p] == MODEL_NONE)
			continue;
		if (upper[p] == MODEL_WHITEOUT && below(p) == MODEL_NONE)
			upper[p] = MODEL_NONE;
		if (given[t][p] != MODEL_DIR || kid >= PATHS)
			continue;
		for (k = kid; k < kid + WIDTH; k++)
			used |= upper[k] == MODEL_FILE || upper[k] == MODEL_DIR;
		if (used && upper[p] == MODEL_NONE && below(p) == MODEL_NONE)
			upper[p] = MODEL_DIR;
	}
}

static struct visorfs_tardisk *tardisks[TARDISKS];

/* Attaches one, detaches another, or both as one. */
static void do_switch(void)
{
	unsigned int in = next_byte() % (TARDISKS + 1), out = next_byte() % (TARDISKS + 1);
	struct visorfs_tardisk *new = NULL;
	enum model_type types[PATHS];
	struct visorfs_change change = { .flags = 0 };
	struct visorfs_msg msg = { "" };
	int ret, want = 0;

	if (in == TARDISKS || attached[in])
		in = TARDISKS;
	if (out == TARDISKS || !attached[out])
		out = TARDISKS;
	if (in == TARDISKS && out == TARDISKS)
		return;
	if (in < TARDISKS) {
		random_types(types);
		new = make_tardisk(in, types);
		if (conflicts(types, out) || (out < TARDISKS && hides_files(types, out)))
			want = -EXDEV;
	}
	if (out < TARDISKS)
		change.td = tardisks[out];
	model_fail_at = next_byte() % 8 ? 0 : 1 + next_byte() % 64;
	mutex_lock(&sb.switch_mutex);
	ret = visorfs_switch(&sb, &new, in < TARDISKS, &change, out < TARDISKS, &msg);
	mutex_unlock(&sb.switch_mutex);
	must(ret == want || (ret == -ENOMEM && !model_fail_at));
	model_fail_at = 0;
	if (ret) {
		must(msg.text[0]);
		if (new)
			visorfs_tardisk_put(new);
		return;
	}
	if (in < TARDISKS) {
		memcpy(given[in], types, sizeof(types));
		attached[in] = ++clock_now;
		tardisks[in] = new;
	}
	if (out < TARDISKS)
		model_detach(out);
}

/* A name of the ramdisk: a file or a directory. */
static void do_make(enum model_type type)
{
	unsigned int p = next_byte() % PATHS;
	struct visorfs_dir *parent = dir_at(path_parent(p)), *dir = NULL;
	struct visorfs_entry *e, *old;
	char name = path_name(p);
	int ret;

	if (seen(path_parent(p)) != MODEL_DIR || seen((int)p) != MODEL_NONE)
		return;
	model_fail_at = next_byte() % 8 ? 0 : 1 + next_byte() % 4;
	down_read(&sb.sw);
	e = visorfs_new_upper(parent, &name, 1);
	if (e && type == MODEL_DIR)
		dir = visorfs_stack_dir(top_at(p)) ?: visorfs_new_dir(&sb, parent);
	ret = e && (dir || type == MODEL_FILE) ? 0 : -ENOMEM;
	if (!ret) {
		e->type = dir ? DT_DIR : DT_REG;
		if (dir)
			e->subdir = dir;
		ret = visorfs_show(&sb, e, &old);
	}
	up_read(&sb.sw);
	must(!ret || (ret == -ENOMEM && !model_fail_at));
	model_fail_at = 0;
	if (ret) {
		if (dir && !dir->providers)
			visorfs_put_dir(&sb, dir);
		visorfs_free_upper(e);
		return;
	}
	visorfs_free_upper(old);
	if (dir) {
		visorfs_dir_provide(dir, e);
		dir->own = true;
	}
	upper[p] = type;
}

/* A name is taken away: a file, or a directory that shows nothing. */
static void do_remove(void)
{
	unsigned int p = next_byte() % PATHS, kid = (p + 1) * WIDTH;
	struct visorfs_entry *e = top_at(p), *wht, *gone;
	char name = path_name(p);
	struct visorfs_dir *dir;

	if (seen((int)p) == MODEL_NONE)
		return;
	for (unsigned int k = kid; seen((int)p) == MODEL_DIR && k < kid + WIDTH && k < PATHS; k++)
		if (seen((int)k) != MODEL_NONE)
			return;
	dir = visorfs_entry_dir(e);
	wht = visorfs_new_upper(e->dir, &name, 1);
	down_read(&sb.sw);
	if (!visorfs_needs_whiteout(e)) {
		visorfs_free_upper(wht);
		wht = NULL;
	}
	must(!!wht == (below(p) != MODEL_NONE));
	gone = visorfs_hide(&sb, e, wht);
	up_read(&sb.sw);
	if (gone && dir)
		visorfs_dir_unprovide(&sb, dir, gone);
	visorfs_free_upper(gone);
	upper[p] = wht ? MODEL_WHITEOUT : MODEL_NONE;
}

static void set_up(void)
{
	memset(&sb, 0, sizeof(sb));
	memset(given, 0, sizeof(given));
	memset(attached, 0, sizeof(attached));
	memset(upper, 0, sizeof(upper));
	memset(cookies, 0, sizeof(cookies));
	super.s_fs_info = &sb;
	sb.sb = &super;
	INIT_LIST_HEAD(&sb.tardisks);
	INIT_LIST_HEAD(&sb.dirs);
	must(!visorfs_names_init(&sb));
	sb.root = visorfs_new_dir(&sb, NULL);
	sb.root->own = true;
	sb.root->providers = 1;
}

/* Takes everything away: nothing may be left, nor lost (the leak checker looks). */
static void tear_down(void)
{
	struct visorfs_change change = { .flags = VISORFS_DETACH_DISCARD };
	struct visorfs_entry *e;
	u32 cookie;

	for (unsigned int t = 0; t < TARDISKS; t++) {
		change.td = tardisks[t];
		mutex_lock(&sb.switch_mutex);
		if (attached[t]) {
			must(!visorfs_switch(&sb, NULL, 0, &change, 1, NULL));
			model_detach(t);
			check_all();
		}
		mutex_unlock(&sb.switch_mutex);
	}
	for (unsigned int p = PATHS; p-- > 0;) {
		struct visorfs_dir *dir;

		if (seen((int)p) == MODEL_NONE)
			continue;
		e = top_at(p);
		dir = visorfs_entry_dir(e);
		e = visorfs_hide(&sb, e, NULL);
		if (dir)
			visorfs_dir_unprovide(&sb, dir, e);
		visorfs_free_upper(e);
		upper[p] = MODEL_NONE;
	}
	cookie = 0;
	must(!visorfs_next_name(&sb, sb.root, &cookie));
	must(!atomic_read(&sb.slots) &&
	     list_entry(sb.dirs.next, struct visorfs_dir, list) == sb.root);
	visorfs_free_dirs(&sb);
	visorfs_names_exit(&sb);
}

unsigned int model_run(const uint8_t *bytes, size_t len)
{
	unsigned int operations = 0;

	input = bytes;
	left = len;
	set_up();
	for (; left; operations++) {
		switch (next_byte() % 8) {
		case 0:
		case 1:
			do_switch();
			break;
		case 2:
		case 3:
			do_make(MODEL_FILE);
			break;
		case 4:
			do_make(MODEL_DIR);
			break;
		default:
			do_remove();
		}
		check_all();
	}
	tear_down();
	return operations;
}
