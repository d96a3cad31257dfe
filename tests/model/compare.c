// SPDX-License-Identifier: GPL-2.0-only
/* Compares the module's namespace with the record. */
#include "fixture.h"

static u32 cookies[PATHS]; /* of the names that were there at the last look */

static struct visorfs_entry *find(struct visorfs_dir *dir, unsigned int p)
{
	char name = path_name(p);

	return dir ? visorfs_find(&model_sb, dir, &name, 1) : NULL;
}

struct visorfs_dir *model_dir_at(int p)
{
	struct visorfs_entry *e;

	if (p < 0)
		return model_sb.root;
	e = find(model_dir_at(path_parent((unsigned int)p)), (unsigned int)p);
	return e ? visorfs_entry_dir(e) : NULL;
}

struct visorfs_entry *model_top_at(unsigned int p)
{
	return find(model_dir_at(path_parent(p)), p);
}

static enum model_type type_of(const struct visorfs_entry *e)
{
	if (!e || e->type == DT_WHT)
		return MODEL_NONE;
	return e->type == DT_DIR ? MODEL_DIR : MODEL_FILE;
}

/* Everything in a directory that is seen: each name once, in ascending places that stay. */
static void compare_dir(struct visorfs_dir *dir, unsigned int first)
{
	unsigned int visible = 0, dirs = 0;
	bool listed[WIDTH] = { false };
	struct visorfs_entry *e;
	u32 cookie = 0, slots = 0, covered = 0;

	must(dir);
	for (; (e = visorfs_next_name(&model_sb, dir, &cookie)); cookie++) {
		unsigned int p = first + (unsigned int)(*visorfs_name(e) - 'a');

		must(e->len == 1 && p < first + WIDTH && !listed[p - first]);
		must(e->cookie == cookie && e->dir == dir && visorfs_top(&model_sb, e) == e);
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
	for (u32 i = 0; i < dir->kid_count; i++)
		covered += visorfs_top(&model_sb, &dir->kids[i].e) != &dir->kids[i].e;
	must(dir->covered == covered);
}

void model_compare(void)
{
	enum model_type seen[PATHS];
	struct visorfs_dir *dirs[PATHS];

	record_seen_all(&model_record, seen);
	for (unsigned int p = 0; p < PATHS; p++) {
		int parent = path_parent(p);
		struct visorfs_entry *e = find(parent < 0 ? model_sb.root : dirs[parent], p);
		char text[PATH_TEXT], buf[64];

		dirs[p] = e ? visorfs_entry_dir(e) : NULL;
		must(type_of(e) == seen[p]);
		if (seen[p] == MODEL_NONE) {
			cookies[p] = 0;
			continue;
		}
		must(!strcmp(visorfs_entry_path(e, buf, sizeof(buf)) + 1, path_text(p, text)));
	}
	compare_dir(model_sb.root, 0);
	for (unsigned int p = 0; p < WIDTH + WIDTH * WIDTH; p++)
		if (seen[p] == MODEL_DIR)
			compare_dir(dirs[p], (p + 1) * WIDTH);
}

void model_compare_reset(void)
{
	memset(cookies, 0, sizeof(cookies));
}
