// SPDX-License-Identifier: Apache-2.0
/* bundle verify: everything the format promises, contents of the tardisks included. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "program.h"
#include "stream.h"
#include "tardisk/check.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle verify",
	.usage = "BUNDLE...",
	.help = "  -h, --help\nA bundle may be - for standard input.\n",
};

/* Each path of the descriptor, and whether a payload has it. */
struct listing {
	const char *name; /* of the bundle */
	const struct bundle_descriptor *d;
	bool *found;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int tick_file(struct listing *l, const struct tardisk_entry *entry, const char *payload,
		     struct err *e)
{
	const struct bundle_strings *files = &l->d->files;
	_cleanup_free_ char *path = strndup(entry->path, entry->path_len);
	char **place = NULL;

	if (!path)
		return err_sys(e, ENOMEM, "%s", l->name);
	if (files->n)
		place = bsearch(&path, files->items, files->n, sizeof(*files->items), by_text);
	if (!place)
		return err_set(e, ERR_INVALID, "%.150s: %s: %.250s: is not in \"files\"", l->name,
			       payload, path);
	l->found[place - files->items] = true;
	return 0;
}

static int check_content(struct tardisk_file *t, const struct bundle_payload *p, const char *name,
			 struct err *e)
{
	char hex[65];

	if (t->volume.size != p->content_size)
		return err_set(e, ERR_INVALID,
			       "%.200s: %s: content_size: is %" PRIu64
			       ", the descriptor says %" PRIu64,
			       name, p->name, t->volume.size, p->content_size);
	if (tardisk_check(t, e) || tardisk_file_digest(t, hex, e))
		return -1;
	if (strcmp(hex, p->content_sha256))
		return err_set(e, ERR_INVALID,
			       "%.150s: %s: content_sha256: is %s, the descriptor says %s", name,
			       p->name, hex, p->content_sha256);
	return 0;
}

static int check_entries(struct listing *l, const struct tardisk_file *t, const char *payload,
			 struct err *e)
{
	struct tardisk_index index;
	int rc = tardisk_index_load(t, &index, e);

	if (rc)
		return rc;
	for (size_t i = 0; i < index.n && !rc; i++)
		if (index.entries[i].type != TARDISK_DIR)
			rc = tick_file(l, &index.entries[i], payload, e);
	free(index.entries);
	return rc;
}

static int check_payload(struct bundle *b, size_t i, struct listing *l, struct err *e)
{
	const struct bundle_payload *p = &l->d->payloads[i];
	_cleanup_close_ int fd = stream_temporary(e);
	struct tardisk_file t;
	char name[300];
	int rc;

	if (fd < 0 || bundle_copy_payload(b, fd, e))
		return -1;
	snprintf(name, sizeof(name), "%.200s: %s", l->name, p->name);
	if (tardisk_file_open(&t, name, fd, e))
		return -1;
	rc = check_content(&t, p, l->name, e);
	if (!rc)
		rc = check_entries(l, &t, p->name, e);
	tardisk_file_close(&t);
	return rc;
}

static int check_lists(const struct listing *l, struct err *e)
{
	const struct bundle_strings *files = &l->d->files;
	char conf[128], *key = conf;

	for (size_t i = 0; i < files->n; i++)
		if (!l->found[i])
			return err_set(e, ERR_INVALID,
				       "%.150s: files[%zu]: %.250s: is in no payload", l->name, i,
				       files->items[i]);
	for (size_t i = 0; i < l->d->services.n; i++) {
		snprintf(conf, sizeof(conf), "etc/userworld.d/%s.conf", l->d->services.items[i]);
		if (!files->n ||
		    !bsearch(&key, files->items, files->n, sizeof(*files->items), by_text))
			return err_set(e, ERR_INVALID,
				       "%.150s: services[%zu]: %s is not in \"files\"", l->name, i,
				       conf);
	}
	return 0;
}

static int check_all(struct bundle *b, struct listing *l, struct err *e)
{
	for (size_t i = 0; i < l->d->n_payloads; i++)
		if (check_payload(b, i, l, e))
			return -1;
	if (bundle_finish(b, e))
		return -1;
	return check_lists(l, e);
}

static int verify(const char *path, struct err *e)
{
	_cleanup_close_ int fd = -1;
	struct listing l = { .name = path };
	struct bundle *b;
	size_t len;
	int rc;

	if (stream_open(&b, path, &fd, e))
		return -1;
	l.d = bundle_descriptor(b);
	l.found = calloc(l.d->files.n + 1, sizeof(*l.found));
	rc = l.found ? check_all(b, &l, e) : err_sys(e, ENOMEM, "%s", path);
	if (!rc) {
		bundle_signature(b, &len);
		printf("%s: %s %s: sound, %s\n", path, l.d->name, l.d->version,
		       len ? "signature not checked" : "unsigned");
	}
	free(l.found);
	bundle_close(b);
	return rc;
}

int verb_verify(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct err e = ERR_INIT;
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1)
		return c == 'h' ? program_help(&self) : program_usage(&self, NULL);
	if (optind == argc)
		return program_usage(&self, "no bundle given");
	for (int i = optind; i < argc; i++)
		if (verify(argv[i], &e))
			return program_fail(&self, &e);
	return program_end(&self);
}
