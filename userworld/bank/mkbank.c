// SPDX-License-Identifier: Apache-2.0
/* mkbank(1): a bank with an image as the content of a partition, made where the image is built. */
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "program.h"
#include "version.h"
#include "write.h"

static const struct program self = {
	.name = "mkbank",
	.usage = "-o FILE -b BUILD [-a OPTIONS] [-m MIB] [-s STATE] [-u NUMBER] KERNEL MODULE...",
	.help = "Makes a boot bank: its file system with boot.cfg, kernel and modules.\n"
		"  -a, --options OPTIONS  command line of the kernel\n"
		"  -b, --build BUILD      version and build of the image\n"
		"  -m, --size MIB         size of the partition (128)\n"
		"  -o, --output FILE      where it goes: a file, or a block device of at least "
		"that size\n"
		"  -s, --state STATE      0 valid, 1 to be tried, 3 invalid (0)\n"
		"  -u, --updated NUMBER   its age: the bank with the highest is started (1)\n"
		"      --help, --version\n",
};

static const struct option options[] = {
	{ "options", required_argument, NULL, 'a' },
	{ "build", required_argument, NULL, 'b' },
	{ "size", required_argument, NULL, 'm' },
	{ "output", required_argument, NULL, 'o' },
	{ "state", required_argument, NULL, 's' },
	{ "updated", required_argument, NULL, 'u' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

struct settings {
	const char *output;
	struct bootcfg cfg;
	unsigned long mib;
	int state;
	uint32_t sizes[1 + BOOTCFG_MODULES];
};

static int number(const char *text, unsigned long min, unsigned long max, unsigned long *n)
{
	char *end;

	*n = strtoul(text, &end, 10);
	return !*text || *end || *n < min || *n > max ? -1 : 0;
}

static int take_text(char *to, size_t size, const char *text)
{
	return snprintf(to, size, "%s", text) < (int)size ? 0 : -1;
}

static int take(struct settings *s, int letter, const char *text)
{
	unsigned long n;

	switch (letter) {
	case 'a':
		return take_text(s->cfg.options, sizeof(s->cfg.options), text);
	case 'b':
		return take_text(s->cfg.build, sizeof(s->cfg.build), text);
	case 'm':
		return number(text, 2, 2048, &s->mib);
	case 'o':
		s->output = text;
		return 0;
	case 's':
		if (number(text, 0, BANK_INVALID, &n) < 0 || n == BANK_DIRTY)
			return -1;
		s->state = (int)n;
		return 0;
	case 'u':
		return number(text, 1, 999999999, &s->cfg.updated);
	default:
		return -1;
	}
}

/* -1 to go on, else the exit code. */
static int parse(struct settings *s, int argc, char **argv)
{
	int letter;

	while ((letter = getopt_long(argc, argv, "a:b:m:o:s:u:hV", options, NULL)) != -1) {
		if (letter == 'h')
			return program_help(&self);
		if (letter == 'V')
			return program_version(&self, PROGRAM_VERSION);
		if (letter == '?')
			return program_usage(&self, NULL);
		if (take(s, letter, optarg) < 0)
			return program_usage(&self, "'%s' cannot be", optarg);
	}
	if (!s->output || !s->cfg.build[0])
		return program_usage(&self, "-o and -b are needed");
	if (argc - optind < 2 || argc - optind > 1 + BOOTCFG_MODULES)
		return program_usage(&self, "a kernel and 1 to %d modules are needed",
				     BOOTCFG_MODULES);
	return -1;
}

static int add_file(struct settings *s, size_t i, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char *name = i ? s->cfg.modules[i - 1] : s->cfg.kernel;
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned long long size;

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	if (take_text(name, FAT_NAME, slash ? slash + 1 : path) < 0)
		return err_set(e, ERR_INVALID, "%s: its name is not 8.3", path);
	if (sha256_file(fd, path, &size, s->cfg.digests[i], e) < 0)
		return -1;
	if (size > UINT32_MAX)
		return err_set(e, ERR_INVALID, "%s: too large", path);
	s->sizes[i] = (uint32_t)size;
	s->cfg.n_modules = i;
	return 0;
}

static int copy_file(struct bank_write *w, const char *path, struct err *e)
{
	static char buf[65536];
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		if (bank_write_add(w, buf, (size_t)n, e) < 0)
			return -1;
	return n < 0 ? err_sys(e, errno, "%s", path) : 0;
}

/* A plain file gets exactly that size; a device has its own. */
static int make_target(const struct settings *s, struct err *e)
{
	_cleanup_close_ int fd = open(s->output, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, errno, "%s", s->output);
	if (S_ISREG(st.st_mode) && (ftruncate(fd, 0) < 0 || ftruncate(fd, (off_t)s->mib << 20) < 0))
		return err_sys(e, errno, "%s", s->output);
	return 0;
}

static int make(struct settings *s, char **files, int n, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = NULL;
	struct bank_write *w;
	int rc = 0;

	for (int i = 0; i < n; i++)
		if (add_file(s, (size_t)i, files[i], e) < 0)
			return -1;
	s->cfg.has_digests = s->cfg.has_self = true;
	if (bank_write_fits((uint64_t)s->mib << 20, 512, &s->cfg, s->sizes, e) < 0 ||
	    make_target(s, e) < 0)
		return -1;
	io = blkio_open(s->output, true, e);
	if (!io || bank_write_start(&w, io, &s->cfg, s->sizes, e) < 0)
		return -1;
	for (int i = 0; i < n && rc == 0; i++)
		rc = copy_file(w, files[i], e);
	if (rc == 0)
		rc = bank_write_end(w, s->state, e);
	bank_write_free(w);
	return rc;
}

int main(int argc, char **argv)
{
	static struct settings s = { .mib = 128, .cfg.updated = 1 };
	struct err e = ERR_INIT;
	int rc = parse(&s, argc, argv);

	if (rc >= 0)
		return rc;
	if (make(&s, argv + optind, argc - optind, &e) < 0)
		return program_fail(&self, &e);
	return 0;
}
