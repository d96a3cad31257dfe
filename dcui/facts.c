// SPDX-License-Identifier: Apache-2.0
/* From JSON answers to plain values. */
#include "dcui/facts.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A string field cut to the size of its destination. */
#define TAKE(dst, object, key) take_string(dst, sizeof(dst), object, key)

static void take_string(char *dst, size_t size, const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	snprintf(dst, size, "%s", s ? s : "");
}

static uint64_t take_number(const json_t *object, const char *key)
{
	json_int_t v = json_integer_value(json_object_get(object, key));

	return v > 0 ? (uint64_t)v : 0;
}

static enum tristate take_tristate(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_boolean(v) ? (json_is_true(v) ? YES : NO) : UNKNOWN;
}

/* A list of strings, with blanks between them; what does not fit is left out. */
static void take_words(char *dst, size_t size, const json_t *list)
{
	const json_t *item;
	size_t i, len = 0;

	dst[0] = '\0';
	json_array_foreach (list, i, item) {
		const char *s = json_string_value(item);

		if (s && len + strlen(s) + 2 <= size)
			len += (size_t)snprintf(dst + len, size - len, "%s%s", len ? " " : "", s);
	}
}

/* The answer of an operation, or NULL if it failed. */
static const json_t *answer(struct facts *f, const json_t *answers, const char *op)
{
	const json_t *a = json_object_get(answers, op);
	const json_t *error = json_object_get(a, "error");
	const char *text = json_string_value(json_object_get(error, "text"));

	if (!error)
		return a;
	facts_add_error(f, op, text ? text : "failed");
	return NULL;
}

/* A session that never ends by itself ends after more seconds than there will be. */
static uint64_t idle_seconds(const json_t *host)
{
	const json_t *seconds = json_object_get(host, "idle_seconds");

	if (!json_is_integer(seconds))
		return 0;
	return json_integer_value(seconds) ? take_number(host, "idle_seconds") : FACTS_NEVER;
}

static void load_system(struct facts *f, const json_t *answers)
{
	const json_t *version = answer(f, answers, "system.version.get");
	const json_t *hardware = answer(f, answers, "system.hardware.get");
	const json_t *host = answer(f, answers, "dcui.host");

	TAKE(f->product, version, "product");
	TAKE(f->version, version, "version");
	TAKE(f->build, version, "build");
	TAKE(f->kernel, version, "kernel");
	TAKE(f->vendor, hardware, "vendor");
	TAKE(f->model, hardware, "model");
	TAKE(f->cpu_model, hardware, "cpu_model");
	f->cpu_count = (unsigned int)take_number(hardware, "cpu_count");
	f->memory = take_number(hardware, "memory_bytes");
	f->memory_available = take_number(hardware, "memory_available_bytes");
	f->uptime = take_number(answer(f, answers, "system.uptime.get"), "seconds");
	TAKE(f->hostname, answer(f, answers, "system.hostname.get"), "hostname");
	TAKE(f->serial, host, "serial");
	TAKE(f->thumbprint, host, "thumbprint");
	f->development = json_is_true(json_object_get(host, "development"));
	TAKE(f->welcome, host, "welcome");
	f->idle_seconds = idle_seconds(host);
	TAKE(f->acceptance, answer(f, answers, "software.acceptance.get"), "level");
	f->hostd_answers = take_tristate(answer(f, answers, "dcui.life"), "hostd_answers");
	f->password_set = take_tristate(answer(f, answers, "account.password.is_set"), "is_set");
}

static void load_network(struct facts *f, const json_t *answers)
{
	const json_t *dns = answer(f, answers, "network.dns.get"), *item;
	size_t i;

	json_array_foreach (answer(f, answers, "network.ipv4.list"), i, item) {
		struct nic *n;

		if (f->nic_count == FACTS_NICS)
			break;
		n = &f->nics[f->nic_count++];
		TAKE(n->name, item, "name");
		TAKE(n->mac, item, "mac");
		TAKE(n->link, item, "link");
		TAKE(n->address, item, "address");
		TAKE(n->netmask, item, "netmask");
		TAKE(n->gateway, item, "gateway");
		TAKE(n->type, item, "type");
	}
	json_array_foreach (json_object_get(dns, "servers"), i, item)
		if (f->dns_count < FACTS_DNS && json_is_string(item))
			snprintf(f->dns[f->dns_count++], sizeof(f->dns[0]), "%s",
				 json_string_value(item));
	take_words(f->search, sizeof(f->search), json_object_get(dns, "search"));
	dns = answer(f, answers, "network.dns.settings.get");
	take_words(f->given_servers, sizeof(f->given_servers), json_object_get(dns, "servers"));
	take_words(f->given_search, sizeof(f->given_search), json_object_get(dns, "search"));
	f->dhcp_dns = take_tristate(dns, "dhcp_dns");
}

static void load_interfaces(struct facts *f, const json_t *list, const json_t *settings6)
{
	const json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		const json_t *set = json_array_get(settings6, i);
		struct interface *n;

		if (f->interface_count == FACTS_INTERFACES)
			break;
		n = &f->interfaces[f->interface_count++];
		TAKE(n->name, item, "name");
		TAKE(n->adapter, item, "adapter");
		TAKE(n->device, item, "device");
		TAKE(n->mac, item, "mac");
		TAKE(n->link, item, "link");
		n->vlan = (unsigned int)take_number(item, "vlan");
		n->enabled = json_is_true(json_object_get(item, "enabled"));
		/* Both lists are of the same file, in the same order. */
		TAKE(n->type6, set, "type");
		TAKE(n->address6, set, "address");
		TAKE(n->gateway6, set, "gateway");
	}
}

static void load_addresses6(struct facts *f, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		struct address6 *a;

		if (f->address6_count == FACTS_ADDRESSES6)
			break;
		/* One that is wanted and not there yet. */
		if (!*(json_string_value(json_object_get(item, "address")) ?: ""))
			continue;
		a = &f->addresses6[f->address6_count++];
		TAKE(a->device, item, "name");
		TAKE(a->address, item, "address");
		TAKE(a->gateway, item, "gateway");
		TAKE(a->type, item, "type");
		a->prefix = (unsigned int)take_number(item, "prefix");
	}
}

static void load_ramdisks(struct facts *f, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		struct ramdisk *r;

		if (f->ramdisk_count == FACTS_RAMDISKS)
			break;
		r = &f->ramdisks[f->ramdisk_count++];
		TAKE(r->name, item, "name");
		TAKE(r->path, item, "path");
		r->max = take_number(item, "max");
		r->used = take_number(item, "used");
		r->max_inodes = take_number(item, "max_inodes");
		r->used_inodes = take_number(item, "used_inodes");
	}
}

static void load_services(struct facts *f, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		struct service *s;

		if (f->service_count == FACTS_SERVICES)
			break;
		s = &f->services[f->service_count++];
		TAKE(s->name, item, "name");
		TAKE(s->state, item, "state");
		TAKE(s->pool, item, "pool");
		s->pid = (pid_t)take_number(item, "pid");
		s->restarts = (unsigned int)take_number(item, "restarts");
		s->essential = json_is_true(json_object_get(item, "essential"));
	}
}

static void load_alarms(struct facts *f, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		char severity[16], seen[8];
		struct alarm *a;

		if (f->alarm_count == FACTS_ALARMS)
			break;
		a = &f->alarms[f->alarm_count++];
		TAKE(a->name, item, "alarm");
		TAKE(a->text, item, "text");
		TAKE(severity, item, "severity");
		TAKE(seen, item, "acknowledged"); /* when */
		a->notice = !strcmp(severity, "info");
		a->seen = seen[0] != '\0';
	}
}

static void load_state(struct facts *f, const json_t *state)
{
	TAKE(f->state.mode, state, "mode");
	TAKE(f->state.why, state, "why");
	f->state.on_purpose = json_is_true(json_object_get(state, "on_purpose"));
	f->state.trial = take_number(state, "trial") != 0;
	f->state.trial_seconds = (unsigned int)take_number(state, "trial_seconds");
}

static void load_boot(struct facts *f, const json_t *boot)
{
	const json_t *failure = json_object_get(boot, "failure");

	TAKE(f->boot_medium, boot, "medium");
	TAKE(f->boot_state, boot, "state");
	TAKE(f->failed_build, failure, "build");
	TAKE(f->failed_reason, failure, "reason");
}

static void load_access(struct facts *f, const json_t *lockdown)
{
	const json_t *user;
	size_t i, len = 0;

	TAKE(f->lockdown, lockdown, "mode");
	json_array_foreach (json_object_get(lockdown, "exceptions"), i, user)
		if (json_is_string(user) && len < sizeof(f->lockdown_exceptions))
			len += (size_t)snprintf(f->lockdown_exceptions + len,
						sizeof(f->lockdown_exceptions) - len, "%s%s",
						len ? ", " : "", json_string_value(user));
}

void facts_load(struct facts *f, const json_t *answers)
{
	memset(f, 0, sizeof(*f));
	load_system(f, answers);
	load_network(f, answers);
	load_interfaces(f, answer(f, answers, "network.interface.list"),
			answer(f, answers, "network.ipv6.get"));
	load_addresses6(f, answer(f, answers, "network.ipv6.list"));
	load_ramdisks(f, answer(f, answers, "system.ramdisk.list"));
	load_services(f, answer(f, answers, "system.service.list"));
	load_alarms(f, answer(f, answers, "system.alarm.list"));
	load_state(f, answer(f, answers, "system.state.get"));
	load_boot(f, answer(f, answers, "system.boot.get"));
	load_access(f, answer(f, answers, "system.lockdown.get"));
	f->maintenance = take_tristate(answer(f, answers, "system.maintenance.get"), "enabled");
	f->loaded = true;
}

void facts_add_error(struct facts *f, const char *op, const char *text)
{
	size_t i = f->error_count;

	if (i == FACTS_ERRORS)
		return;
	f->error_count++;
	snprintf(f->error[i].op, sizeof(f->error[i].op), "%s", op);
	snprintf(f->error[i].text, sizeof(f->error[i].text), "%s", text);
}

const char *facts_error(const struct facts *f, const char *op)
{
	for (size_t i = 0; i < f->error_count; i++)
		if (!strcmp(f->error[i].op, op))
			return f->error[i].text;
	return NULL;
}

const struct service *facts_service(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->service_count; i++)
		if (!strcmp(f->services[i].name, name))
			return &f->services[i];
	return NULL;
}

const char *facts_origin(const struct nic *n, char *buf, size_t len)
{
	const char *type = !strncmp(n->address, "169.254.", 8) ? "link-local" : n->type;
	size_t i = 0;

	if (!n->address[0] || !strcmp(type, "none"))
		type = "";
	for (; type[i] && i + 1 < len; i++)
		buf[i] = (char)toupper((unsigned char)type[i]);
	buf[i] = '\0';
	return buf;
}

int facts_prefix(const char *netmask)
{
	struct in_addr mask;

	return inet_pton(AF_INET, netmask, &mask) == 1 ? __builtin_popcount(mask.s_addr) : 0;
}

unsigned int facts_percent(uint64_t used, uint64_t max)
{
	if (max == 0)
		return 0;
	if (used >= max)
		return 100;
	return (unsigned int)((double)used * 100 / (double)max);
}

unsigned int facts_ramdisk_percent(const struct ramdisk *r)
{
	unsigned int bytes = facts_percent(r->used, r->max);
	unsigned int inodes = facts_percent(r->used_inodes, r->max_inodes);

	return bytes > inodes ? bytes : inodes;
}
