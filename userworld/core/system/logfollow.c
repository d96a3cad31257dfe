// SPDX-License-Identifier: Apache-2.0
/* system.log.follow: the lines of a log that come. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "logfile.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"

#define FOLLOW_PIECE 16384 /* bytes that are read at once */
#define FOLLOW_FIRST 50	   /* lines for somebody who begins */
#define FOLLOW_ROWS 100

/* "INODE:OFFSET" of the byte after a line; a log that was begun anew has another inode. */
static bool parse_mark(const char *mark, const struct stat *st, off_t *at)
{
	unsigned long long inode, offset;
	char rest;

	if (sscanf(mark, "%llu:%llu%c", &inode, &offset, &rest) != 2 || inode != st->st_ino ||
	    offset > (unsigned long long)st->st_size)
		return false;
	*at = (off_t)offset;
	return true;
}

/* Whole lines only: the rest of one that is being written comes next time. */
static json_t *rows_from(char *text, size_t len, const struct stat *st, off_t at)
{
	json_t *rows = json_array();
	char mark[64];
	char *end;

	for (char *line = text; (end = memchr(line, '\n', len - (size_t)(line - text)));
	     line = end + 1) {
		*end = '\0';
		snprintf(mark, sizeof(mark), "%llu:%llu", (unsigned long long)st->st_ino,
			 (unsigned long long)(at + (end + 1 - text)));
		utf8_repair(line, (size_t)(end - line));
		json_array_append_new(rows, json_pack("{s:s, s:s}", "mark", mark, "line", line));
		if (json_array_size(rows) == FOLLOW_ROWS)
			break;
	}
	return rows;
}

/* Where somebody begins who knows no mark of this file: the last lines of it. */
static off_t first_of_last(int fd, const struct stat *st)
{
	off_t at = st->st_size > FOLLOW_PIECE ? st->st_size - FOLLOW_PIECE : 0;
	char text[FOLLOW_PIECE];
	ssize_t len = pread(fd, text, sizeof(text), at);
	unsigned int lines = 0;

	while (len > 0)
		if (text[--len] == '\n' && lines++ == FOLLOW_FIRST)
			return at + len + 1;
	return at;
}

static int log_follow(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	_cleanup_close_ int fd = logfile_is_audit(name, e) ? -1 : logfile_open(name, e);
	const char *mark = core_string(params, "since");
	char text[FOLLOW_PIECE + 1];
	struct stat st;
	ssize_t len;
	off_t at;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return err_sys(e, errno, "reading the log");
	if (!mark || !parse_mark(mark, &st, &at))
		at = mark && st.st_size < FOLLOW_PIECE ? 0 : first_of_last(fd, &st);
	len = pread(fd, text, FOLLOW_PIECE, at);
	if (len < 0)
		return err_sys(e, errno, "reading the log");
	/* A line that fills the piece is told in pieces. */
	if (len == FOLLOW_PIECE && !memchr(text, '\n', (size_t)len))
		text[len++] = '\n';
	return core_give(result, rows_from(text, (size_t)len, &st, at), e);
}

static const struct core_param follow_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 64,
	  .help = "Log below /var/log: vmkernel" },
	{ "since", CORE_STRING, .max = 64, .help = "Mark of the last line that is known" },
	{ 0 },
};

const struct core_op core_log_follow_ops[] = {
	{
		.name = "system.log.follow",
		.method = "GET",
		.path = "/system/logs/{name}/lines",
		.privilege = CORE_OPERATE,
		.flags = CORE_QUIET,
		.params = follow_params,
		.run = log_follow,
		.help = "Lines of a log after a mark, with marks",
	},
	{ 0 },
};
