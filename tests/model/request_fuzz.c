// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an ioctl or a mount option says, from anywhere. An input is a head that
 * chooses, and the memory of user space, with the argument at its beginning. Other
 * threads of the caller may write there between two reads, and memory may be short.
 * What is taken must keep every rule; asking again must give the same.
 */
#include "kernel.h"

#include "visorfs/request.h"
#include "visorfs/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARG ((void *)MODEL_USER_BASE)

struct head {
	u8 kind;
	u8 fail_at; /* that allocation fails; 0: none */
	u8 change_after;
	u8 unused;
	u32 change_at;
	u32 change_to;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* The rule once more, in other words. */
static void check_name(const char *name)
{
	size_t len = strnlen(name, VISORFS_NAME_MAX + 1);

	must(len >= 1 && len <= VISORFS_NAME_MAX && *name != '.');
	while (len--)
		must(name[len] != '/' && (signed char)name[len] != 127 &&
		     !(name[len] >= 0 && name[len] < 32));
}

static void check_message(const struct visorfs_msg *msg, bool wanted)
{
	must(strnlen(msg->text, sizeof(msg->text)) < sizeof(msg->text));
	must(!strchr(msg->text, '\n') && (!wanted || msg->text[0]));
}

static void check_put(const void *arg, size_t size)
{
	u32 given = *(const u32 *)arg;

	model_user.written = NULL;
	if (visorfs_put_arg(ARG, arg, size))
		return;
	must(model_user.written <= model_user.bytes + given);
}

static void check_switch(const struct visorfs_request *r)
{
	const struct visorfs_switch *sw = &r->sw;
	u32 i, j;

	must(!sw->flags && sw->attach_count + sw->detach_count > 0);
	must(sw->attach_count <= VISORFS_SWITCH_MAX && sw->detach_count <= VISORFS_SWITCH_MAX);
	for (i = 0; i < sw->attach_count; i++) {
		const struct visorfs_attach *a = &r->attach[i];

		check_name(a->name);
		must(a->flags < 8);
		for (j = 0; j < VISORFS_HASH_SIZE; j++)
			must(a->flags & VISORFS_ATTACH_ROOT_HASH || !a->root_hash[j]);
		for (j = 0; j < i; j++)
			must(strcmp(r->attach[j].name, a->name));
	}
	for (i = 0; i < sw->detach_count; i++) {
		check_name(r->detach[i].name);
		must(r->detach[i].flags < 4 && !r->detach[i].pad);
		for (j = 0; j < i; j++)
			must(strcmp(r->detach[j].name, r->detach[i].name));
	}
}

static void same_again(const struct visorfs_request *r)
{
	struct visorfs_request again;
	struct visorfs_msg msg = { "" };

	must(!visorfs_get_switch(&again, ARG, &msg));
	must(!memcmp(&r->sw, &again.sw, sizeof(r->sw)));
	must(!memcmp(r->attach, again.attach, r->sw.attach_count * sizeof(*r->attach)));
	must(!memcmp(r->detach, again.detach, r->sw.detach_count * sizeof(*r->detach)));
	visorfs_free_switch(&again);
}

static void try_switch(const struct head *h)
{
	struct visorfs_request r;
	struct visorfs_msg msg = { "" };
	int ret;

	model_fail_at = h->fail_at;
	ret = visorfs_get_switch(&r, ARG, &msg);
	model_fail_at = 0;
	check_message(&msg, false);
	must(!ret || ret == -EINVAL || ret == -EEXIST || ret == -E2BIG || ret == -EFAULT ||
	     (ret == -ENOMEM && h->fail_at));
	if (!ret) {
		check_switch(&r);
		if (!h->change_after)
			same_again(&r);
		check_put(&r.sw, sizeof(r.sw));
	}
	visorfs_free_switch(&r);
}

static void try_others(const struct head *h)
{
	static struct visorfs_version version;
	struct visorfs_ramdisk_args ramdisk;
	struct visorfs_ramdisk_name name;
	struct visorfs_check check;

	if (!visorfs_get_ramdisk(&ramdisk, ARG)) {
		must(!ramdisk.flags && strnlen(ramdisk.name, sizeof(ramdisk.name)) < 64);
		check_put(&ramdisk, sizeof(ramdisk));
	}
	if (!visorfs_get_ramdisk_name(&name, ARG))
		must(!name.flags && strnlen(name.name, sizeof(name.name)) < 64);
	if (!visorfs_get_version(&version, ARG))
		must(version.flags < 2 && strnlen(version.path, 4096) < 4096);
	if (!visorfs_get_arg(&check, sizeof(check), ARG))
		must(check.size >= sizeof(u32) && check.size <= 4 * PAGE_SIZE);
}

/* A size, by the long way. */
static bool size_of(const char *text, u64 *size)
{
	unsigned __int128 value = 0;
	size_t digits = strspn(text, "0123456789"), i;
	const char *unit = text + digits;

	for (i = 0; i < digits && value <= U64_MAX; i++)
		value = value * 10 + (unsigned int)(text[i] - '0');
	if (*unit == 'k' || *unit == 'K')
		value <<= 10;
	else if (*unit == 'm' || *unit == 'M')
		value <<= 20;
	else if (*unit == 'g' || *unit == 'G')
		value <<= 30;
	*size = (u64)value;
	return digits && value <= U64_MAX && strlen(unit) <= 1 &&
	       (!*unit || strchr("kKmMgG", *unit));
}

static void try_text(const char *bytes, size_t len)
{
	char *text = strndup(bytes, len), *cut = strndup(bytes, len);
	struct visorfs_ramdisk_spec spec;
	struct visorfs_msg msg = { "" };
	u64 size = 0, wanted;

	must(visorfs_parse_size(text, &size) == (size_of(text, &wanted) ? 0 : -EINVAL));
	must(!size_of(text, &wanted) || size == wanted);
	if (visorfs_parse_ramdisk(cut, &spec, &msg)) {
		check_message(&msg, true);
	} else {
		check_name(spec.name);
		must(spec.path && !strchr(spec.path, ':'));
		if (!visorfs_check_limits(spec.name, &spec.limits, &msg)) {
			must(spec.limits.inodes && spec.limits.max >= PAGE_SIZE);
			must(visorfs_reserved_pages(&spec.limits) <= spec.limits.max / PAGE_SIZE);
		}
		check_message(&msg, false);
	}
	free(text);
	free(cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct head h;

	if (size < sizeof(h))
		return 0;
	memcpy(&h, data, sizeof(h));
	data += sizeof(h);
	size -= sizeof(h);
	if (h.kind % 3 == 2) {
		try_text((const char *)data, size);
		return 0;
	}
	/* A copy of that size: a byte too far is found. */
	model_user = (struct model_user){ .bytes = malloc(size),
					  .size = size,
					  .change_after = h.change_after,
					  .change_at = h.change_at,
					  .change_to = h.change_to };
	memcpy(model_user.bytes, data, size);
	if (h.kind % 3)
		try_others(&h);
	else
		try_switch(&h);
	free(model_user.bytes);
	return 0;
}
