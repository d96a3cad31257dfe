// SPDX-License-Identifier: Apache-2.0
/* Bundles of the host come along with an update, or what is left of them is there again. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/installed.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "tests/unit/update_host.h"
#include "userworld/core/bundle/image.h"
#include "userworld/core/core.h"

static int update(json_t **result, struct err *e)
{
	json_t *params = json_pack("{s:s}", "path", "/image.vib");
	int rc;

	*e = (struct err)ERR_INIT;
	rc = core_call("system.boot.update", params, result, e);
	json_decref(params);
	return rc;
}

/* The bank that does not run: whole, to be started next, with bundles. */
static void look(struct bank *b)
{
	struct blkio *io = boot_medium_open(1);

	assert_int_equal(bank_look(io, b, NULL), 0);
	assert_true(b->there);
	assert_int_equal(bank_verify(io, b, NULL, NULL, NULL), 0);
	assert_int_equal(b->cfg.state, BANK_UPGRADING);
	assert_int_equal(b->cfg.n_modules, SAMPLE_FILES);
	assert_string_equal(b->cfg.modules[SAMPLE_FILES - 1], BUNDLE_IMAGE_FILE);
	blkio_close(io);
}

static const char *only(const json_t *result, const char *key)
{
	const json_t *list = json_object_get(result, key);

	assert_int_equal(json_array_size(list), 1);
	return json_string_value(json_array_get(list, 0));
}

/* If the image is enough for them. */
static void test_along(void **state)
{
	json_t *r = NULL;
	struct bank b;
	struct err e;

	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	installed_put("tool", 5, "tool", "");
	installed_put("old", 6, "old", "\"kernel = 1\"");
	if (update(&r, &e) < 0)
		fail_msg("%s", e.text);
	assert_string_equal(only(r, "bundles"), "acme_bootbank_tool_1");
	assert_string_equal(only(r, "bundles_left"), "acme_bootbank_old_1");
	json_decref(r);
	look(&b);
	assert_string_equal(b.cfg.build, update_image.cfg.build);
}

/* The bank gets the image that runs, with all of them. */
static void test_broken_off(void **state)
{
	struct bytes b = image_sample(&update_image, UPDATE_NEWER, &update_signer);
	struct bank bank;
	struct err e;

	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	b.len = b.len * 4 / 5;
	update_host_bundle(&b);
	assert_int_equal(update(NULL, &e), -1);
	assert_non_null(strstr(e.text, "bank 1 is not complete"));
	look(&bank);
	assert_string_not_equal(bank.cfg.build, update_image.cfg.build);
	free(b.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_along),
		cmocka_unit_test(test_broken_off),
	};

	return cmocka_run_group_tests(tests, update_host_setup, update_host_teardown);
}
