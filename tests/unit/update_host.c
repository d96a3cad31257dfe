// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/update_host.h"

#include <stdlib.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/trust/host_trust.h"
#include "userworld/lib/file.h"

#define NOW 1700000000
#define DAY 86400

struct pki update_signer, update_stranger;
struct sample update_old, update_image;
static struct pki root;

void update_host_bundle(const struct bytes *b)
{
	assert_int_equal(file_write_atomic(tree_path("/image.vib"), b->data, b->len, 0644, NULL),
			 0);
}

void update_host_image(const char *version, const struct pki *by)
{
	struct bytes b = image_sample(&update_image, version, by);

	update_host_bundle(&b);
	free(b.data);
}

int update_host_setup(void **state)
{
	const struct pki *roots[] = { &root };
	int rc = tree_setup(state);

	boot_medium_make();
	root = pki_make("root", NULL, PKI_ROOT, NOW - DAY, NOW + DAY);
	update_signer = pki_make("signer", &root, PKI_CODE, NOW - DAY, NOW + DAY);
	update_stranger = pki_make("stranger", NULL, PKI_CODE, NOW - DAY, NOW + DAY);
	tree_write(TRUST_IMAGE_POLICY, "level = partner\nlowest = unsigned\n", 0644);
	pki_write(tree_path(TRUST_IMAGE "/partner.pem"), roots, 1);
	sample_make(&update_old, 1);
	sample_make(&update_image, 3);
	return rc;
}

int update_host_teardown(void **state)
{
	pki_free(&root);
	pki_free(&update_signer);
	pki_free(&update_stranger);
	sample_free(&update_old);
	sample_free(&update_image);
	return tree_teardown(state);
}

void update_host_start(int running, int other)
{
	boot_medium_clear(1);
	tree_write("/proc/cmdline", "quiet visoros.bank=" BOOT_MEDIUM_GUID "AAAA\n", 0644);
	boot_medium_put(0, 2, running);
	if (other != BANK_UNKNOWN)
		boot_medium_put(1, 1, other);
	update_host_image(UPDATE_NEWER, &update_signer);
}
