// SPDX-License-Identifier: Apache-2.0
/* failnth's picture of the tree. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "failnth.h"

static void picture_file(struct picture *p, const char *path)
{
	char link[PATH_MAX] = "", value[64] = "";
	struct stat st;

	if (lstat(path, &st)) {
		fprintf(p->out, "%s: %s\n", path, strerror(errno));
		return;
	}
	if (S_ISLNK(st.st_mode) && readlink(path, link, sizeof(link) - 1) < 0)
		snprintf(link, sizeof(link), "%s", strerror(errno));
	if (!S_ISLNK(st.st_mode) && getxattr(path, "user.t", value, sizeof(value) - 1) < 0)
		snprintf(value, sizeof(value), "%s",
			 errno == ENODATA || errno == EPERM ? "" : strerror(errno));
	fprintf(p->out, "%s %o %lu %u:%u %lu %s %s\n", path, st.st_mode, (unsigned long)st.st_nlink,
		st.st_uid, st.st_gid, S_ISDIR(st.st_mode) ? 0 : (unsigned long)st.st_size, link,
		value);
}

static void picture_dir(struct picture *p, const char *path)
{
	struct dirent **list;
	int n = scandir(path, &list, NULL, alphasort);
	char sub[PATH_MAX];

	if (n < 0)
		fprintf(p->out, "%s: %s\n", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (strcmp(list[i]->d_name, ".") != 0 && strcmp(list[i]->d_name, "..") != 0) {
			snprintf(sub, sizeof(sub), "%.2000s/%s", path, list[i]->d_name);
			picture_file(p, sub);
			if (list[i]->d_type == DT_DIR)
				picture_dir(p, sub);
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

void take_picture(struct picture *p)
{
	p->out = open_memstream(&p->text, &p->len);
	picture_file(p, MNT);
	picture_dir(p, MNT);
	fclose(p->out);
}

void compare_pictures(const struct picture *before, const struct picture *after)
{
	size_t i = 0, start = 0;

	if (before->len == after->len && !memcmp(before->text, after->text, before->len))
		return;
	for (; before->text[i] && before->text[i] == after->text[i]; i++)
		if (before->text[i] == '\n')
			start = i + 1;
	problem("the tree changed: was %.*s, is %.*s", (int)strcspn(before->text + start, "\n"),
		before->text + start, (int)strcspn(after->text + start, "\n"), after->text + start);
}
