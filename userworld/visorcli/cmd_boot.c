// SPDX-License-Identifier: Apache-2.0
/* system boot */
#include <string.h>

#include "commands.h"
#include "path.h"

static const struct cli_column get_columns[] = {
	{ "Medium", "medium", CLI_STRING },
	{ "Problem", "problem", CLI_STRING | CLI_OPTIONAL },
	{ "Scrubbed", "scrubbed", CLI_STRING | CLI_OPTIONAL },
	{ "Spare", "spare_text", CLI_STRING | CLI_OPTIONAL },
	{ "Source", "source", CLI_STRING },
	{ "Disk", "disk", CLI_STRING | CLI_OPTIONAL },
	{ "Bank", "bank", CLI_INTEGER | CLI_OPTIONAL },
	{ "Build", "build", CLI_STRING | CLI_OPTIONAL },
	{ "State", "state", CLI_STRING | CLI_OPTIONAL },
	{ "Next Bank", "next", CLI_INTEGER | CLI_OPTIONAL },
	{ "Failed Build", "failed_build", CLI_STRING | CLI_OPTIONAL },
	{ "Failed Because", "failed_reason", CLI_STRING | CLI_OPTIONAL },
	{ 0 },
};

/* The image that is kept in memory, as one line. */
static void shape_spare(json_t *row)
{
	const json_t *spare = json_object_get(row, "spare");
	const char *build = json_string_value(json_object_get(spare, "build"));
	const char *reason = json_string_value(json_object_get(spare, "reason"));

	if (build)
		json_object_set_new(row, "spare_text", json_sprintf("%s, in memory", build));
	else if (reason)
		json_object_set_new(row, "spare_text", json_sprintf("none: %s", reason));
}

/* What failed is an object of its own: its fields become lines. */
static void shape_get(json_t *row)
{
	shape_spare(row);
	const json_t *failure = json_object_get(row, "failure");

	if (!json_is_object(failure))
		return;
	json_object_set(row, "failed_build", json_object_get(failure, "build"));
	json_object_set(row, "failed_reason", json_object_get(failure, "reason"));
}

static const struct cli_column list_columns[] = {
	{ "Bank", "bank", CLI_INTEGER },
	{ "Build", "build", CLI_STRING },
	{ "State", "state", CLI_STRING },
	{ "Updated", "updated", CLI_INTEGER },
	{ "Running", "running", CLI_BOOLEAN },
	{ "Next", "next", CLI_BOOLEAN },
	{ "Used", "used", CLI_KIB },
	{ "Free", "free", CLI_KIB },
	{ "Bundles", "bundles", CLI_LIST },
	{ "Problem", "problem", CLI_STRING },
	{ 0 },
};

static const struct cli_column set_columns[] = {
	{ "Next Bank", "bank", CLI_INTEGER },
	{ "Build", "build", CLI_STRING },
	{ "Reboot Required", "reboot_required", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_column verify_columns[] = {
	{ "Bank", "bank", CLI_INTEGER },
	{ "File", "file", CLI_STRING },
	{ "Size", "size", CLI_KIB },
	{ "Result", "result", CLI_STRING },
	{ 0 },
};

static const struct cli_column confirm_columns[] = {
	{ "Bank", "bank", CLI_INTEGER },
	{ "Build", "build", CLI_STRING },
	{ "Was", "was", CLI_STRING },
	{ 0 },
};

static const struct cli_column update_columns[] = {
	{ "Message", "message", CLI_STRING },
	{ "Bank", "bank", CLI_INTEGER },
	{ "Build", "build", CLI_STRING },
	{ "Version", "version", CLI_STRING },
	{ "Size", "size", CLI_KIB },
	{ "Bank Size", "bank_size", CLI_KIB },
	{ "Replaces", "replaces", CLI_STRING },
	{ "Replaced State", "replaces_state", CLI_STRING },
	{ "Older", "older", CLI_BOOLEAN },
	{ "Failed Before", "failed_before", CLI_STRING | CLI_OPTIONAL },
	{ "Reboot Required", "reboot_required", CLI_BOOLEAN },
	{ "Bundles", "bundles", CLI_LIST },
	{ "Bundles Left", "bundles_left", CLI_LIST },
	{ 0 },
};

static const struct cli_option update_options[] = {
	{ "source", 's', "source", CLI_TEXT, true, "PATH|URL", "Image bundle" },
	{ "force", 'f', "force", CLI_FLAG, false, NULL, NULL },
	{ "dry-run", 0, "dry_run", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

static const struct cli_option set_options[] = {
	{ "bank", 'b', "bank", CLI_NUMBER, false, "NUMBER", NULL },
	{ "rollback", 'r', "rollback", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

static const struct cli_option verify_options[] = {
	{ "bank", 'b', "bank", CLI_NUMBER, false, "NUMBER", NULL },
	{ 0 },
};

static const struct cli_column grow_columns[] = {
	{ "Message", "message", CLI_STRING }, { "Bank", "bank", CLI_INTEGER },
	{ "Old Size", "old_size", CLI_KIB },  { "Size", "size", CLI_KIB },
	{ "How", "how", CLI_STRING },	      { "Build", "build", CLI_STRING },
	{ "Image", "image", CLI_STRING },     { 0 },
};

static const struct cli_option grow_options[] = {
	{ "size", 's', "size", CLI_NUMBER, false, "MIB", NULL },
	{ "force", 'f', "force", CLI_FLAG, false, NULL, NULL },
	{ "dry-run", 'n', "dry_run", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

static const struct cli_column scrub_columns[] = {
	{ "Part", "part", CLI_STRING },
	{ "Name", "name", CLI_STRING },
	{ "Result", "result", CLI_STRING },
	{ "Detail", "detail", CLI_STRING },
	{ 0 },
};

static const struct cli_option scrub_options[] = {
	{ "check-only", 'c', "check_only", CLI_FLAG, false, NULL, NULL },
	{ "image", 'i', "image", CLI_TEXT, false, "URL|PATH", NULL },
	{ "rate", 'r', "rate", CLI_NUMBER, false, "KIB", NULL },
	{ 0 },
};

static const struct cli_column install_columns[] = {
	{ "Device", "device", CLI_STRING },
	{ "Size", "size", CLI_KIB },
	{ "Had", "content", CLI_STRING },
	{ "Build", "build", CLI_STRING },
	{ "From Bank", "from_bank", CLI_INTEGER | CLI_OPTIONAL },
	{ "From", "from_url", CLI_STRING | CLI_OPTIONAL },
	{ "Bundles", "bundles", CLI_LIST },
	{ "Installed", "installed", CLI_BOOLEAN },
	{ "After", "after", CLI_STRING | CLI_OPTIONAL },
	{ 0 },
};

static const struct cli_column rebuild_columns[] = {
	{ "Device", "device", CLI_STRING },
	{ "Size", "size", CLI_KIB },
	{ "Had", "content", CLI_STRING },
	{ "Build", "build", CLI_STRING },
	{ "From", "from", CLI_STRING },
	{ "Bank", "bank", CLI_INTEGER },
	{ "Bundles", "bundles", CLI_LIST },
	{ "State", "state", CLI_BOOLEAN },
	{ "State Generation", "generation", CLI_INTEGER | CLI_OPTIONAL },
	{ "Rebuilt", "rebuilt", CLI_BOOLEAN },
	{ "Problem", "problem", CLI_STRING | CLI_OPTIONAL },
	{ "Take Out Before The Next Start", "remove", CLI_STRING | CLI_OPTIONAL },
	{ 0 },
};

static const struct cli_option rebuild_options[] = {
	{ "device", 'd', "device", CLI_TEXT, true, "DEVICE", NULL },
	{ "image", 'i', "image", CLI_TEXT, false, "URL|PATH", NULL },
	{ "dry-run", 'n', "dry_run", CLI_FLAG, false, NULL, NULL },
	{ "yes", 'y', "yes", CLI_FLAG, false, NULL, "Do not ask for the name again" },
	{ 0 },
};

static const struct cli_column spare_columns[] = {
	{ "Kept", "kept", CLI_BOOLEAN },
	{ "Build", "build", CLI_STRING | CLI_OPTIONAL },
	{ "Bank", "bank", CLI_INTEGER | CLI_OPTIONAL },
	{ "Size", "size", CLI_KIB | CLI_OPTIONAL },
	{ "Reason", "reason", CLI_STRING | CLI_OPTIONAL },
	{ 0 },
};

static const struct cli_option spare_options[] = {
	{ "rate", 'r', "rate", CLI_NUMBER, false, "KIB", NULL },
	{ 0 },
};

static const struct cli_column disk_columns[] = {
	{ "Device", "device", CLI_STRING },
	{ "Size", "size", CLI_KIB },
	{ "Content", "content", CLI_STRING },
	{ "Running", "running", CLI_BOOLEAN },
	{ "Chosen By Size", "chosen_by_size", CLI_BOOLEAN },
	{ "Model", "model", CLI_STRING },
	{ "Serial", "serial", CLI_STRING },
	{ "Path", "path", CLI_STRING },
	{ 0 },
};

static const struct cli_option install_options[] = {
	{ "device", 'd', "device", CLI_TEXT, false, "DEVICE", NULL },
	{ "answers", 'a', "answers", CLI_TEXT, false, "WHERE", NULL },
	{ "image", 'i', "image", CLI_TEXT, false, "URL|PATH", NULL },
	{ "dry-run", 'n', "dry_run", CLI_FLAG, false, NULL, NULL },
	{ "yes", 'y', "yes", CLI_FLAG, false, NULL, "Do not ask for the name again" },
	{ 0 },
};

/*
 * A disk that is overwritten by mistake is gone: its name has to be typed twice. Answers name it
 * once and for all.
 */
static int ask_again(json_t *params, struct err *e)
{
	const char *device = json_string_value(json_object_get(params, "device"));
	bool sure = json_object_get(params, "yes") || json_object_get(params, "dry_run");
	char line[256] = "";

	json_object_del(params, "yes");
	if (sure || !device)
		return 0;
	fprintf(stderr, "All that is on %s will be lost. Type its name again: ", device);
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (strcmp(line, device) != 0)
		return err_set(e, ERR_INVALID, "that is not %s: nothing was written", device);
	return 0;
}

const struct cli_command boot_commands[] = {
	{
		.words = "system boot get",
		.op = "system.boot.get",
		.style = CLI_FIELDS,
		.columns = get_columns,
		.shape = shape_get,
		.help = "What the host was started from",
	},
	{
		.words = "system boot failure get",
		.op = "system.boot.failure.get",
		.style = CLI_LINES,
		.help = "The end of the log of the image that failed",
	},
	{
		.words = "system boot update",
		.op = "system.boot.update",
		.options = update_options,
		.prepare = path_or_url,
		.style = CLI_FIELDS,
		.columns = update_columns,
		.help = "Write a new image to the bank that does not run",
	},
	{
		.words = "system boot bank list",
		.op = "system.boot.bank.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.help = "Images on the boot medium",
	},
	{
		.words = "system boot bank set",
		.op = "system.boot.bank.set",
		.options = set_options,
		.style = CLI_FIELDS,
		.columns = set_columns,
		.help = "Choose the bank that is started next",
	},
	{
		.words = "system boot bank verify",
		.op = "system.boot.bank.verify",
		.options = verify_options,
		.style = CLI_TABLE,
		.columns = verify_columns,
		.help = "Compare the files on the boot medium with their digests",
	},
	{
		.words = "system boot bank confirm",
		.op = "system.boot.bank.confirm",
		.style = CLI_FIELDS,
		.columns = confirm_columns,
		.help = "Confirm the running image: it stays the one that is started",
	},
	{
		.words = "system boot bank grow",
		.op = "system.boot.bank.grow",
		.options = grow_options,
		.style = CLI_FIELDS,
		.columns = grow_columns,
		.help = "Give the bank that does not run a larger partition",
	},
	{
		.words = "system boot scrub",
		.op = "system.boot.scrub",
		.options = scrub_options,
		.style = CLI_TABLE,
		.columns = scrub_columns,
		.help = "Look through the boot medium and repair what can be proved",
	},
	{
		.words = "system boot disk list",
		.op = "system.boot.disk.list",
		.style = CLI_TABLE,
		.columns = disk_columns,
		.help = "Disks of this host, and what is on them",
	},
	{
		.words = "system boot install",
		.op = "system.boot.install",
		.options = install_options,
		.style = CLI_FIELDS,
		.columns = install_columns,
		.prepare = ask_again,
		.help = "Install the running image to another disk",
	},
	{
		.words = "system boot rebuild",
		.op = "system.boot.rebuild",
		.options = rebuild_options,
		.style = CLI_FIELDS,
		.columns = rebuild_columns,
		.prepare = ask_again,
		.help = "Make a lost or broken boot medium anew on another disk",
	},
	{
		.words = "system boot spare get",
		.op = "system.boot.spare.get",
		.style = CLI_FIELDS,
		.columns = spare_columns,
		.help = "The running image in memory, to rebuild a medium from",
	},
	{
		.words = "system boot spare keep",
		.op = "system.boot.spare.keep",
		.options = spare_options,
		.style = CLI_FIELDS,
		.columns = spare_columns,
		.help = "Keep the running image in memory",
	},
	{
		.words = "system boot spare drop",
		.op = "system.boot.spare.drop",
		.help = "Give the memory of the spare back",
	},
	{ 0 },
};
