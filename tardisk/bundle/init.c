// SPDX-License-Identifier: Apache-2.0
/* bundle init: the beginnings of a bundle. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"
#include "program.h"
#include "tardisk/descriptor.h"
#include "verbs.h"

#define MEMORY_MAX (16 << 20)

static const struct program self = {
	.name = "bundle init",
	.usage = "[--service] [--vendor NAME] NAME",
	.help = "      --service      with a userworld and its resource contract\n"
		"      --vendor NAME  (local)\n"
		"  -h, --help\n"
		"Makes a folder NAME with a descriptor.json and files/, for\n"
		"'bundle build NAME/descriptor.json NAME/files'.\n",
};

struct options {
	const char *name;
	const char *vendor;
	bool service;
};

/* Like open(2) with O_EXCL: nothing of the maker's is overwritten. */
static int put(const char *path, const char *text, struct err *e)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 || fd_write_all(fd, text, strlen(text)))
		return err_sys(e, errno, "%s", path);
	return 0;
}

static int put_descriptor(const struct options *o, struct err *e)
{
	json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:[]}", "name", o->name,
				 "version", "0.1", "vendor", o->vendor, "summary",
				 "One line about it", "description", "More about it.",
				 "live_install_allowed", 1, "live_remove_allowed", 1, "depends");
	_cleanup_free_ char *text = NULL, *line = NULL;
	char path[128];

	if (root && o->service) {
		json_object_set_new(root, "services", json_pack("[s]", o->name));
		json_object_set_new(root, "resources",
				    json_pack("[{s:s, s:i, s:i}]", "world", o->name, "memory_max",
					      MEMORY_MAX, "pids_max", 16));
	}
	text = json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	snprintf(path, sizeof(path), "%s/descriptor.json", o->name);
	if (!text || asprintf(&line, "%s\n", text) < 0)
		return err_sys(e, ENOMEM, "%s", path);
	return put(path, line, e);
}

static int put_service(const struct options *o, struct err *e)
{
	char path[256], text[512];

	snprintf(path, sizeof(path), "%s/files/etc/userworld.d", o->name);
	if (file_make_dirs(path, e))
		return -1;
	snprintf(path, sizeof(path), "%s/files/" BUNDLE_WORLD_CONF, o->name, o->name);
	snprintf(text, sizeof(text),
		 "# See userworld.conf(5); limits as in \"resources\" of descriptor.json.\n"
		 "command = /usr/sbin/%s\n"
		 "pool = host/user/%s\n"
		 "memory.max = %d\n"
		 "pids.max = 16\n",
		 o->name, o->name, MEMORY_MAX);
	return put(path, text, e);
}

static int init(const struct options *o, struct err *e)
{
	const char *fault = bundle_name_fault(o->name);
	char files[128];

	if (fault)
		return err_set(e, ERR_INVALID, "%.100s: a name %s", o->name, fault);
	fault = bundle_version_fault(o->vendor);
	if (fault)
		return err_set(e, ERR_INVALID, "%.100s: a vendor %s", o->vendor, fault);
	if (mkdir(o->name, 0755))
		return err_sys(e, errno, "%s", o->name);
	snprintf(files, sizeof(files), "%s/files", o->name);
	if (mkdir(files, 0755))
		return err_sys(e, errno, "%s", files);
	if (put_descriptor(o, e))
		return -1;
	return o->service ? put_service(o, e) : 0;
}

int verb_init(int argc, char **argv)
{
	static const struct option options[] = { { "service", no_argument, NULL, 's' },
						 { "vendor", required_argument, NULL, 'v' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct options o = { .vendor = "local" };
	struct err e = ERR_INIT;
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h')
			return program_help(&self);
		if (c == '?')
			return program_usage(&self, NULL);
		if (c == 's')
			o.service = true;
		else
			o.vendor = optarg;
	}
	if (argc - optind != 1)
		return program_usage(&self, "one name is wanted");
	o.name = argv[optind];
	return init(&o, &e) ? program_fail(&self, &e) : program_end(&self);
}
