// SPDX-License-Identifier: Apache-2.0
/* bundle inspect: the descriptor, for people or as it is. Payloads are not read. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "cleanup.h"
#include "program.h"
#include "stream.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle inspect",
	.usage = "[-f | -j] BUNDLE",
	.help = "  -f, --files  print the list of files only\n"
		"  -j, --json   print descriptor.json as it is\n"
		"  -h, --help\n"
		"BUNDLE may be - for standard input.\n",
};

static void print_flag(const char *name, bool value)
{
	printf("%-16s %s\n", name, value ? "yes" : "no");
}

static void print_relations(const char *name, const struct bundle_relations *r)
{
	char text[BUNDLE_RELATION_TEXT];

	for (size_t i = 0; i < r->n; i++)
		printf("%-16s %s\n", i ? "" : name, bundle_relation_format(&r->items[i], text));
}

static void print_strings(const char *name, const struct bundle_strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		printf("%-16s %s\n", i ? "" : name, s->items[i]);
}

static void print_limit(const char *name, uint64_t value)
{
	if (value)
		printf(" %s %" PRIu64, name, value);
}

static void print_contracts(const struct bundle_descriptor *d)
{
	for (size_t i = 0; i < d->n_contracts; i++) {
		const struct bundle_contract *c = &d->contracts[i];

		printf("%-16s %s:", i ? "" : "resources", c->world);
		print_limit("memory_min", c->memory_min);
		print_limit("memory_max", c->memory_max);
		print_limit("cpu_weight", c->cpu_weight);
		print_limit("cpu_max", c->cpu_max);
		print_limit("pids_max", c->pids_max);
		putchar('\n');
	}
}

static void print_hooks(const struct bundle_descriptor *d)
{
	if (*d->hooks.post_install)
		printf("%-16s /%s\n", "post-install", d->hooks.post_install);
	if (*d->hooks.pre_remove)
		printf("%-16s /%s\n", "pre-remove", d->hooks.pre_remove);
	if (d->health_window)
		printf("%-16s %" PRIu64 " s\n", "health window", d->health_window);
}

static void print_sbom(const struct bundle_sbom *sbom)
{
	if (*sbom->path)
		printf("%-16s /%s\n", "sbom", sbom->path);
	for (size_t i = 0; i < sbom->n_components; i++)
		printf("%-16s %s %s\n", i ? "" : "components", sbom->components[i].name,
		       sbom->components[i].version);
}

static void print_payloads(const struct bundle_descriptor *d)
{
	for (size_t i = 0; i < d->n_payloads; i++) {
		const struct bundle_payload *p = &d->payloads[i];

		if (p->boot)
			printf("%-16s %s  %" PRIu64 " bytes, SHA-256 %s\n", i ? "" : "payloads",
			       p->name, p->size, p->sha256);
		else
			printf("%-16s %s  %" PRIu64 " bytes, %" PRIu64 " unpacked, root hash %s\n",
			       i ? "" : "payloads", p->name, p->size, p->content_size,
			       p->root_hash);
	}
}

static void print_all(const struct bundle_descriptor *d)
{
	printf("%-16s %s\n", "name", d->name);
	printf("%-16s %s\n", "version", d->version);
	printf("%-16s %s\n", "vendor", d->vendor);
	printf("%-16s %s\n", "type", bundle_type_name(d->type));
	printf("%-16s %s\n", "summary", d->summary);
	printf("%-16s %s\n", "created", d->created);
	printf("%-16s %s\n", "architecture", d->architecture);
	printf("%-16s %s\n", "acceptance", bundle_acceptance_name(d->acceptance_level));
	print_flag("live install", d->live_install_allowed);
	print_flag("live remove", d->live_remove_allowed);
	print_flag("maintenance", d->maintenance_mode);
	print_flag("overlay", d->overlay);
	print_relations("depends", &d->depends);
	print_relations("conflicts", &d->conflicts);
	print_relations("replaces", &d->replaces);
	print_relations("provides", &d->provides);
	print_strings("services", &d->services);
	print_strings("stops", &d->services_stop);
	print_strings("restarts", &d->services_restart);
	print_hooks(d);
	print_contracts(d);
	print_strings("setuid", &d->setuid);
	print_sbom(&d->sbom);
	if (d->type == BUNDLE_IMAGE) {
		printf("%-16s %s\n", "build", d->boot.build);
		printf("%-16s %s\n", "kernel options", d->boot.options);
	}
	printf("%-16s %zu\n", "files", d->files.n);
	print_payloads(d);
	if (*d->description)
		printf("\n%s\n", d->description);
}

static int inspect(const char *path, int form, struct err *e)
{
	const struct bundle_descriptor *d;
	_cleanup_close_ int fd = -1;
	struct bundle *b;
	const char *text;
	size_t len;

	if (stream_open(&b, path, &fd, e))
		return -1;
	d = bundle_descriptor(b);
	if (form == 'j') {
		text = bundle_descriptor_text(b, &len);
		fwrite(text, 1, len, stdout);
	} else if (form == 'f') {
		for (size_t i = 0; i < d->files.n; i++)
			printf("/%s\n", d->files.items[i]);
	} else {
		print_all(d);
	}
	bundle_close(b);
	return 0;
}

int verb_inspect(int argc, char **argv)
{
	static const struct option options[] = { { "files", no_argument, NULL, 'f' },
						 { "json", no_argument, NULL, 'j' },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct err e = ERR_INIT;
	int c, form = 0;

	while ((c = getopt_long(argc, argv, "fjh", options, NULL)) != -1) {
		if (c == 'h')
			return program_help(&self);
		if (c == '?' || form)
			return program_usage(&self, form ? "only one form can be chosen" : NULL);
		form = c;
	}
	if (argc - optind != 1)
		return program_usage(&self, "one bundle is wanted");
	if (inspect(argv[optind], form, &e))
		return program_fail(&self, &e);
	return program_end(&self);
}
