// SPDX-License-Identifier: Apache-2.0
#include "complete.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "userworld/lib/cleanup.h"

struct found {
	int count;
	char common[NAME_MAX + 1]; /* what all of them begin with */
	bool folder;		   /* of the only one */
	char *list;
	size_t listed;
};

static void take(struct found *f, const char *name, bool folder)
{
	size_t same = 0;

	if (!f->count)
		snprintf(f->common, sizeof(f->common), "%s", name);
	while (f->common[same] && f->common[same] == name[same])
		same++;
	/* The same program in two folders is one name. */
	if (f->count && !f->common[same] && !name[same])
		return;
	f->common[same] = '\0';
	f->folder = folder;
	f->count++;
	if (f->listed + strlen(name) + 4 < COMPLETE_LIST)
		f->listed += (size_t)sprintf(f->list + f->listed, "%s%s%s", f->listed ? "  " : "",
					     name, folder ? "/" : "");
}

static void look(struct found *f, const char *dir, const char *begin)
{
	_cleanup_closedir_ DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		struct stat st;

		if (strncmp(entry->d_name, begin, strlen(begin)) ||
		    (entry->d_name[0] == '.' && begin[0] != '.') ||
		    fstatat(dirfd(d), entry->d_name, &st, 0) < 0)
			continue;
		take(f, entry->d_name, S_ISDIR(st.st_mode));
	}
}

static void look_path(struct found *f, const char *path, const char *begin)
{
	while (*path) {
		size_t n = strcspn(path, ":");
		char dir[PATH_MAX];

		snprintf(dir, sizeof(dir), "%.*s", (int)n, path);
		look(f, dir, begin);
		path += n + (path[n] == ':');
	}
}

int complete(const char *line, const char *cwd, const char *path, char *add, size_t add_size,
	     char list[static COMPLETE_LIST])
{
	struct found f = { .list = list };
	const char *word = line + strlen(line), *name, *p = line;
	char dir[PATH_MAX];

	list[0] = add[0] = '\0';
	while (word > line && !strchr(" \t=;|&<>(", word[-1]))
		word--;
	name = strrchr(word, '/') ? strrchr(word, '/') + 1 : word;
	p += strspn(p, " \t");
	if (word == p && name == word)
		look_path(&f, path, name);
	else if (snprintf(dir, sizeof(dir), "%s%s%.*s", word[0] == '/' ? "" : cwd,
			  word[0] == '/' ? "" : "/", (int)(name - word), word) < (int)sizeof(dir))
		look(&f, dir[0] ? dir : "/", name);
	if (f.count)
		snprintf(add, add_size, "%s%s", f.common + strlen(name),
			 f.count > 1 ? ""
			 : f.folder  ? "/"
				     : " ");
	return f.count;
}
