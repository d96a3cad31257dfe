// SPDX-License-Identifier: Apache-2.0
/*
 * From the object in this program to hooks in the kernel. Each hook, and what
 * others need, is pinned in a bpffs of our own: there it outlives this
 * process, and the guard itself refuses to have that taken away.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "execguard.h"
#include "execguard_object.h"
#include "guard.h"
#include "userworld/lib/cgroup.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

#define HOOKS_MAX 16
#define MINOR_BITS 20 /* of a device number inside the kernel */

static int print(enum libbpf_print_level level, const char *fmt, va_list args)
{
	char text[LOG_TEXT_MAX];

	(void)level;
	vsnprintf(text, sizeof(text), fmt, args);
	log_debug("%s", text);
	return 0;
}

static uint32_t kernel_dev(dev_t dev)
{
	return major(dev) << MINOR_BITS | minor(dev);
}

static int mount_pins(struct err *e)
{
	struct statfs fs;

	if (statfs(GUARD_FS, &fs) < 0)
		return err_sys(e, errno, "%s: the kernel has no BPF", GUARD_FS);
	if (fs.f_type == BPF_FS_MAGIC)
		return access(GUARD_PINS, F_OK) == 0
			       ? err_set(e, ERR_CONFLICT, "%s: the guard is there already",
					 GUARD_PINS)
			       : 0;
	if (mount("execguard", GUARD_FS, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700") < 0)
		return err_sys(e, errno, "%s: mount", GUARD_FS);
	return 0;
}

static int set_params(struct bpf_object *object, struct err *e)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata.params");
	struct guard_params params = { 0 };
	struct stat root, pins, supervisor;

	if (stat("/", &root) < 0 || stat(GUARD_FS, &pins) < 0)
		return err_sys(e, errno, "%s", GUARD_FS);
	params.root = kernel_dev(root.st_dev);
	params.pins = kernel_dev(pins.st_dev);
	/* Without a supervisor there are no exceptions. */
	if (stat(GUARD_SUPERVISOR, &supervisor) == 0 && supervisor.st_dev == root.st_dev)
		params.supervisor = supervisor.st_ino;
	if (!map || bpf_map__set_initial_value(map, &params, sizeof(params)) < 0)
		return err_set(e, ERR_SYSTEM, "the guard has no place for its parameters");
	return 0;
}

/* Where the call of a kernel for 32-bit programs does not exist, nobody can make it. */
static void leave_out(struct bpf_object *object)
{
	struct bpf_program *program =
		bpf_object__find_program_by_name(object, "guard_personality32");

	if (program && access("/proc/sys/abi/vsyscall32", F_OK) < 0)
		bpf_program__set_autoload(program, false);
}

struct hook {
	struct bpf_program *program;
	struct bpf_link *link;
	pthread_t thread;
	int error; /* errno */
};

static void *attach(void *arg)
{
	struct hook *hook = arg;
	_cleanup_close_ int root = -1;

	if (bpf_program__type(hook->program) != BPF_PROG_TYPE_CGROUP_SYSCTL) {
		hook->link = bpf_program__attach(hook->program);
	} else {
		root = open(CGROUP_ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		hook->link = bpf_program__attach_cgroup(hook->program, root);
	}
	hook->error = hook->link ? 0 : errno;
	return NULL;
}

/* Each takes the kernel some tenths of a second of waiting: all at the same time. */
static int attach_all(struct hook *hooks, size_t count, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		hooks[i].error = pthread_create(&hooks[i].thread, NULL, attach, &hooks[i]) ? -1 : 0;
	for (size_t i = 0; i < count; i++) {
		if (hooks[i].error == -1)
			attach(&hooks[i]);
		else
			pthread_join(hooks[i].thread, NULL);
		if (!hooks[i].link)
			rc = err_sys(e, hooks[i].error, "hook %s",
				     bpf_program__section_name(hooks[i].program));
	}
	return rc;
}

static int pin_all(struct bpf_object *object, struct hook *hooks, size_t count, struct err *e)
{
	static const char *const maps[] = { "jit", "refusals", "count" };
	char path[128];

	if (mkdir(GUARD_PINS, 0700) < 0)
		return err_sys(e, errno, "%s: mkdir", GUARD_PINS);
	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, maps[i]);

		snprintf(path, sizeof(path), "%s/%s", GUARD_PINS, maps[i]);
		if (!map || bpf_map__pin(map, path) < 0)
			return err_sys(e, errno, "%s: pin", path);
	}
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", GUARD_PINS,
			 bpf_program__name(hooks[i].program));
		if (bpf_link__pin(hooks[i].link, path) < 0)
			return err_sys(e, errno, "%s: pin", path);
	}
	return 0;
}

static size_t list_hooks(struct bpf_object *object, struct hook *hooks)
{
	struct bpf_program *program;
	size_t count = 0;

	bpf_object__for_each_program(program, object) if (bpf_program__autoload(program) &&
							  count < HOOKS_MAX) hooks[count++]
		.program = program;
	return count;
}

/* What is not pinned when this process ends is no longer there. */
int guard_load(struct err *e)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "execguard");
	struct hook hooks[HOOKS_MAX] = { 0 };
	struct bpf_object *object;
	size_t count;

	libbpf_set_print(print);
	if (mount_pins(e) < 0)
		return -1;
	object = bpf_object__open_mem(execguard_object, sizeof(execguard_object), &opts);
	if (!object)
		return err_sys(e, errno, "the guard's program");
	leave_out(object);
	if (set_params(object, e) < 0)
		return -1;
	if (bpf_object__load(object) < 0)
		return err_sys(e, errno, "the kernel does not take the guard's program");
	count = list_hooks(object, hooks);
	return attach_all(hooks, count, e) < 0 || pin_all(object, hooks, count, e) < 0 ? -1 : 0;
}
