// SPDX-License-Identifier: Apache-2.0
/* system.log.tail: the last lines of a log below /var/log. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "logfile.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"

#define AUDIT_LOG "audit"
#define LINES_DEFAULT 50
#define LINES_MAX 5000
#define TAIL_MAX (256u << 10) /* bytes read from the end, whatever the number of lines */

/* "vmkernel" stands for vmkernel.log; names have no '/', so nothing outside is read. */
int logfile_open(const char *name, struct err *e)
{
	size_t len = strlen(name);
	bool bare = len < 4 || strcmp(name + len - 4, ".log") != 0;
	char path[CORE_PATH_MAX];
	struct stat st;
	int fd;

	if (core_path(path, e, CORE_ROOT, "/var/log/%s%s", name, bare ? ".log" : "") < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_INVALID, "%s: not a regular file", path);
	}
	return fd;
}

static char *read_tail(int fd, size_t *len, struct err *e)
{
	_cleanup_free_ char *buf = malloc(TAIL_MAX + 1);
	struct stat st;
	ssize_t got;

	if (!buf) {
		core_nomem(e);
		return NULL;
	}
	if (fstat(fd, &st) < 0 ||
	    lseek(fd, st.st_size > TAIL_MAX ? st.st_size - TAIL_MAX : 0, SEEK_SET) < 0 ||
	    (got = read(fd, buf, TAIL_MAX)) < 0) {
		err_sys(e, errno, "reading the log");
		return NULL;
	}
	*len = (size_t)got;
	buf[got] = '\0';
	return TAKE_PTR(buf);
}

/* Start of the last count lines of text; a first line that is cut is left out. */
static char *last_lines(char *text, size_t len, json_int_t count)
{
	char *at = text + len;

	if (at > text && at[-1] == '\n')
		at--;
	while (at > text && count > 0)
		if (*--at == '\n' && --count == 0)
			return at + 1;
	if (len < TAIL_MAX)
		return text;
	at = memchr(text, '\n', len);
	return at ? at + 1 : text;
}

static int tail(const char *name, json_int_t count, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int fd = logfile_open(name, e);
	json_t *lines;
	size_t len;

	if (fd < 0 || !(text = read_tail(fd, &len, e)))
		return -1;
	utf8_repair(text, len);
	lines = json_array();
	for (char *line = last_lines(text, len, count); line < text + len;
	     line += strlen(line) + 1) {
		line[strcspn(line, "\n")] = '\0';
		if (json_array_append_new(lines, json_string(line)) < 0) {
			json_decref(lines);
			return core_nomem(e);
		}
	}
	return core_give(result, json_pack("{s:o}", "lines", lines), e);
}

/* It is the administrators'; operators may read all others. */
bool logfile_is_audit(const char *name, struct err *e)
{
	if (strncmp(name, AUDIT_LOG, strlen(AUDIT_LOG)) != 0)
		return false;
	err_set(e, ERR_DENIED, "%s: 'system audit list' shows it", name);
	return true;
}

static int log_tail(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");

	if (logfile_is_audit(name, e))
		return -1;
	return tail(name, core_integer(params, "lines", LINES_DEFAULT), result, e);
}

static int audit_list(json_t *params, json_t **result, struct err *e)
{
	return tail(AUDIT_LOG, core_integer(params, "lines", LINES_DEFAULT), result, e);
}

#define LINES_PARAM                                                               \
	{                                                                         \
		"lines", CORE_INT, .min = 1, .max = LINES_MAX, .otherwise = "50", \
				   .help = "How many"                             \
	}

static const struct core_param tail_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 64,
	  .among = "system.syslog.logger.list name", .help = "Log below /var/log: vmkernel" },
	LINES_PARAM,
	{ 0 },
};

static const struct core_param audit_params[] = { LINES_PARAM, { 0 } };

const struct core_op core_log_ops[] = {
	{
		.name = "system.log.tail",
		.method = "GET",
		.path = "/system/logs/{name}",
		.privilege = CORE_OPERATE,
		.flags = CORE_QUIET,
		.params = tail_params,
		.run = log_tail,
		.help = "Last lines of a log",
	},
	{
		.name = "system.audit.list",
		.method = "GET",
		.path = "/system/audit",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.params = audit_params,
		.run = audit_list,
		.help = "Last lines of the audit log: who changed what, who logged in",
	},
	{ 0 },
};
