// SPDX-License-Identifier: Apache-2.0
/* What is told of a change of bundles. */
#include "install.h"

json_t *bundle_result(const char *message, json_t *installed, json_t *removed)
{
	return json_pack("{s:s, s:b, s:o, s:o, s:[]}", "message", message, "reboot_required", 0,
			 "installed", installed, "removed", removed, "skipped");
}

static void set_kept(json_t *result, const struct bundle_kept *kept)
{
	json_object_set_new(result, "kept", json_boolean(!*kept->why));
	json_object_set_new(result, "not_kept", *kept->why ? json_string(kept->why) : json_null());
}

void bundle_tell_kept(json_t *result, const struct bundle_kept *kept, const char *stateless)
{
	static const char done[] = "Operation finished successfully.";
	json_t *text;

	if (kept->stateless)
		text = json_sprintf("%s%s", done, stateless);
	else if (*kept->why)
		text = json_sprintf("%s A restart brings back the bundles of before: %s.", done,
				    kept->why);
	else
		text = json_sprintf("%s The boot medium has it: a restart changes nothing.", done);
	json_object_set_new(result, "message", text);
	set_kept(result, kept);
}

json_t *bundle_dry_run(json_t *installed, json_t *removed, json_t *effect,
		       const struct bundle_kept *kept)
{
	json_t *result = bundle_result(
		*kept->why ? "Dry run: nothing was changed. The bundle would come or go at once, "
			     "until the next boot."
			   : "Dry run: nothing was changed. The bundle would come or go at once, "
			     "and the boot medium would be written.",
		installed, removed);

	if (result && effect) {
		json_object_set(result, "effect", effect);
		json_object_set_new(effect, "bank_bytes", json_integer((json_int_t)kept->bytes));
		json_object_set_new(effect, "bank_size", json_integer((json_int_t)kept->room));
		set_kept(result, kept);
	}
	json_decref(effect);
	return result;
}
