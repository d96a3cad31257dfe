// SPDX-License-Identifier: GPL-2.0-only
/* The rules for what an ioctl may say, one by one. */
#include "kernel.h"

#include "tests/unit/unit.h"
#include "visorfs/request.h"

#define ARG ((void *)MODEL_USER_BASE)
#define LISTS 1024 /* where the lists begin, behind the argument */
#define ROOM 32768

static u8 memory[ROOM]; /* of user space */
static struct visorfs_switch *const sw = (struct visorfs_switch *)memory;
static struct visorfs_msg msg;

static struct visorfs_attach *attach_at(u32 n, u32 size)
{
	return (struct visorfs_attach *)(memory + LISTS + n * size);
}

static struct visorfs_detach *detach_at(u32 n)
{
	return (struct visorfs_detach *)(memory + LISTS + LISTS / 2) + n;
}

/* A good request: two that come, two that go. */
static int setup(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	model_user = (struct model_user){ .bytes = memory, .size = sizeof(memory) };
	model_fail_at = 0;
	msg.text[0] = '\0';
	sw->size = sizeof(*sw);
	sw->attach_count = 2;
	sw->attach_size = sizeof(struct visorfs_attach);
	sw->attach = MODEL_USER_BASE + LISTS;
	sw->detach_count = 2;
	sw->detach_size = sizeof(struct visorfs_detach);
	sw->detach = MODEL_USER_BASE + LISTS + LISTS / 2;
	strcpy(attach_at(0, sw->attach_size)->name, "a");
	strcpy(attach_at(1, sw->attach_size)->name, "b");
	strcpy(detach_at(0)->name, "c");
	strcpy(detach_at(1)->name, "d");
	return 0;
}

static int get(void)
{
	struct visorfs_request r;
	int ret;

	msg.text[0] = '\0';
	ret = visorfs_get_switch(&r, ARG, &msg);
	visorfs_free_switch(&r);
	return ret;
}

static void refused(int ret, const char *why)
{
	assert_int_equal(get(), ret);
	assert_string_equal(msg.text, why);
	setup(NULL);
	assert_int_equal(get(), 0);
}

static void good(void **state)
{
	struct visorfs_request r;

	(void)state;
	attach_at(1, sw->attach_size)->flags = VISORFS_ATTACH_ROOT_HASH | VISORFS_ATTACH_COMPRESSED;
	attach_at(1, sw->attach_size)->root_hash[31] = 7;
	attach_at(1, sw->attach_size)->fd = -3;
	detach_at(0)->flags = VISORFS_DETACH_FORCE;
	assert_int_equal(visorfs_get_switch(&r, ARG, &msg), 0);
	assert_int_equal(r.sw.attach_count, 2);
	assert_string_equal(r.attach[1].name, "b");
	assert_int_equal(r.attach[1].root_hash[31], 7);
	assert_int_equal(r.attach[1].fd, -3);
	assert_string_equal(r.detach[1].name, "d");
	assert_int_equal(r.detach[0].flags, VISORFS_DETACH_FORCE);
	visorfs_free_switch(&r);
	/* What goes may have the name of what comes. */
	strcpy(detach_at(0)->name, "a");
	assert_int_equal(get(), 0);
	/* Both lists may be the same memory, if it is a list of either. */
	sw->attach = sw->detach;
	sw->attach_size = sw->detach_size;
	memset(detach_at(0), 0, 8);
	assert_int_equal(get(), 0);
}

static void sizes_of_arguments(void **state)
{
	struct visorfs_check c;

	(void)state;
	sw->size = 0;
	refused(-EINVAL, "");
	sw->size = 3;
	refused(-EINVAL, "");
	/* Nothing comes and nothing goes. */
	sw->size = 4;
	refused(-EINVAL, "");
	/* A shorter one of another version: the rest is zero. */
	memset(memory, 0xff, 64);
	*(u32 *)memory = 12;
	assert_int_equal(visorfs_get_arg(&c, sizeof(c), ARG), 0);
	assert_int_equal(c.size, 12);
	assert_int_equal(c.violations, 0xffffffffu);
	assert_int_equal(c.names, 0xffffffffu);
	assert_int_equal(c.files, 0);
	setup(NULL);
	/* A longer one: what is not known must be zero. */
	memset(memory + sizeof(*sw), 0, LISTS - sizeof(*sw));
	sw->size = sizeof(*sw) + 8;
	assert_int_equal(get(), 0);
	memory[sizeof(*sw) + 7] = 1;
	refused(-E2BIG, "");
	sw->size = 4 * PAGE_SIZE + 1;
	refused(-EINVAL, "");
}

static void places_of_arguments(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(*sw); size++) {
		model_user.size = size;
		assert_int_equal(get(), -EFAULT);
	}
	/* All but the last byte of either list. */
	model_user.size = LISTS + LISTS / 2 + 2 * sizeof(struct visorfs_detach) - 1;
	assert_int_equal(get(), -EFAULT);
	model_user.size++;
	assert_int_equal(get(), 0);
	setup(NULL);
	sw->attach = 0;
	refused(-EFAULT, "");
	sw->attach = U64_MAX;
	refused(-EFAULT, "");
	sw->detach = U64_MAX - 71;
	refused(-EFAULT, "");
	/* Lists that are empty are not looked at. */
	sw->attach_count = 0;
	sw->attach = 1;
	assert_int_equal(get(), 0);
}

static void counts(void **state)
{
	(void)state;
	sw->attach_count = 0;
	sw->detach_count = 0;
	refused(-EINVAL, "");
	sw->attach_count = VISORFS_SWITCH_MAX + 1;
	refused(-EINVAL, "");
	sw->detach_count = VISORFS_SWITCH_MAX + 1;
	refused(-EINVAL, "");
	sw->attach_count = 0x80000000;
	sw->detach_count = 0x80000000;
	refused(-EINVAL, "");
	sw->flags = 1;
	refused(-EINVAL, "");
}

static void sizes_of_elements(void **state)
{
	(void)state;
	sw->attach_size = VISORFS_ATTACH_SIZE_1 - 1;
	refused(-EINVAL, "");
	sw->detach_size = VISORFS_DETACH_SIZE_1 - 1;
	refused(-EINVAL, "");
	sw->attach_size = PAGE_SIZE + 1;
	refused(-EINVAL, "");
	sw->detach_size = PAGE_SIZE + 1;
	refused(-EINVAL, "");
	/* The first form, and said without a number. */
	sw->attach_size = VISORFS_ATTACH_SIZE_1;
	memset(attach_at(0, 0), 0, 2 * VISORFS_ATTACH_SIZE_1);
	strcpy(attach_at(0, VISORFS_ATTACH_SIZE_1)->name, "x");
	strcpy(attach_at(1, VISORFS_ATTACH_SIZE_1)->name, "y");
	assert_int_equal(get(), 0);
	sw->attach_size = 0;
	sw->detach_size = 0;
	assert_int_equal(get(), 0);
	/* A later form: what is not known must be zero. */
	memset(attach_at(0, 0), 0, 2 * 112);
	sw->attach_size = 112;
	strcpy(attach_at(0, 112)->name, "x");
	strcpy(attach_at(1, 112)->name, "y");
	assert_int_equal(get(), 0);
	*((u8 *)attach_at(1, 112) + 111) = 1;
	refused(-E2BIG, "");
}

static void names(void **state)
{
	struct visorfs_attach *a = attach_at(1, sizeof(*a));

	(void)state;
	memset(a->name, 'n', VISORFS_NAME_MAX);
	assert_int_equal(get(), 0);
	a->name[VISORFS_NAME_MAX] = 'n';
	refused(-EINVAL, "number 1 to attach: is no name for a tardisk");
	a->name[0] = '\0';
	refused(-EINVAL, "number 1 to attach: is no name for a tardisk");
	strcpy(a->name, "../b");
	refused(-EINVAL, "number 1 to attach: is no name for a tardisk");
	strcpy(a->name, "b\n");
	refused(-EINVAL, "number 1 to attach: is no name for a tardisk");
	strcpy(a->name, "a");
	refused(-EEXIST, "a: is named twice");
	memset(detach_at(0)->name, 'n', VISORFS_NAME_MAX + 1);
	refused(-EINVAL, "number 0 to detach: is no name of a tardisk");
	strcpy(detach_at(1)->name, "c");
	refused(-EINVAL, "c: is named twice");
}

static void flags(void **state)
{
	(void)state;
	attach_at(0, sizeof(struct visorfs_attach))->flags = 8;
	refused(-EINVAL, "a: unknown flags");
	detach_at(1)->flags = 4;
	refused(-EINVAL, "d: unknown flags");
	detach_at(0)->pad = 1;
	refused(-EINVAL, "c: unknown flags");
	attach_at(0, sizeof(struct visorfs_attach))->root_hash[0] = 1;
	refused(-EINVAL, "a: has a root hash without the flag");
}

/* Another thread writes a larger size once the first one was read. */
static void changed_meanwhile(void **state)
{
	struct visorfs_request r;

	(void)state;
	model_user.change_after = 1;
	model_user.change_to = 0xffffffffu;
	assert_int_equal(visorfs_get_switch(&r, ARG, &msg), 0);
	assert_int_equal(r.sw.size, sizeof(*sw));
	assert_int_equal(visorfs_put_arg(ARG, &r.sw, sizeof(r.sw)), 0);
	assert_ptr_equal(model_user.written, memory + sizeof(*sw));
	visorfs_free_switch(&r);
}

static void no_memory(void **state)
{
	(void)state;
	for (unsigned int n = 1; n <= 2; n++) {
		model_fail_at = n;
		assert_int_equal(get(), -ENOMEM);
	}
	model_fail_at = 3;
	assert_int_equal(get(), 0);
	model_fail_at = 0;
}

static void answers(void **state)
{
	struct visorfs_check c = { .size = 8, .violations = 3, .names = 5 };

	(void)state;
	memset(memory, 0xee, 32);
	assert_int_equal(visorfs_put_arg(ARG, &c, sizeof(c)), 0);
	assert_int_equal(*(u32 *)(memory + 4), 3);
	assert_int_equal(memory[8], 0xee);
	model_user.size = 7;
	assert_int_equal(visorfs_put_arg(ARG, &c, sizeof(c)), -EFAULT);
}

static void ramdisks(void **state)
{
	struct visorfs_ramdisk_args *in = (void *)memory, a;
	struct visorfs_ramdisk_name *name_in = (void *)memory, n;

	(void)state;
	memset(memory, 0, sizeof(*in));
	in->size = sizeof(*in);
	in->max_bytes = 5;
	memset(in->name, 'n', VISORFS_NAME_MAX);
	assert_int_equal(visorfs_get_ramdisk(&a, ARG), 0);
	assert_int_equal(a.max_bytes, 5);
	in->flags = 1;
	assert_int_equal(visorfs_get_ramdisk(&a, ARG), -EINVAL);
	in->flags = 0;
	in->name[VISORFS_NAME_MAX] = 'n';
	assert_int_equal(visorfs_get_ramdisk(&a, ARG), -EINVAL);
	memset(memory, 0, sizeof(*in));
	name_in->size = sizeof(*name_in);
	assert_int_equal(visorfs_get_ramdisk_name(&n, ARG), 0);
	name_in->flags = 2;
	assert_int_equal(visorfs_get_ramdisk_name(&n, ARG), -EINVAL);
	name_in->flags = 0;
	memset(name_in->name, 'n', VISORFS_NAME_MAX + 1);
	assert_int_equal(visorfs_get_ramdisk_name(&n, ARG), -EINVAL);
}

static void versions(void **state)
{
	struct visorfs_version *in = (void *)memory, v;

	(void)state;
	memset(in, 0, sizeof(*in));
	in->size = sizeof(*in);
	in->flags = VISORFS_VERSION_OPEN;
	memset(in->path, 'p', VISORFS_PATH_MAX - 1);
	assert_int_equal(visorfs_get_version(&v, ARG), 0);
	in->path[VISORFS_PATH_MAX - 1] = 'p';
	assert_int_equal(visorfs_get_version(&v, ARG), -ENAMETOOLONG);
	in->flags = VISORFS_VERSION_OPEN << 1;
	assert_int_equal(visorfs_get_version(&v, ARG), -EINVAL);
}

#define fresh(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh(good),	fresh(sizes_of_arguments), fresh(places_of_arguments),
		fresh(counts),	fresh(sizes_of_elements),  fresh(names),
		fresh(flags),	fresh(changed_meanwhile),  fresh(no_memory),
		fresh(answers), fresh(ramdisks),	   fresh(versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
