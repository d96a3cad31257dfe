// SPDX-License-Identifier: Apache-2.0
#include "userworld/stated/seal_want.h"

#include <string.h>

int seal_wish_read(const char *value, enum seal_wish *wish, struct err *e)
{
	static const char *const words[] = {
		[SEAL_WISH_OFF] = "off",
		[SEAL_WISH_TPM] = "tpm",
		[SEAL_WISH_PCR7] = "pcr7",
	};

	*wish = SEAL_WISH_AUTO;
	for (unsigned int i = SEAL_WISH_OFF; i <= SEAL_WISH_PCR7; i++)
		if (!strcmp(value, words[i])) {
			*wish = (enum seal_wish)i;
			return 0;
		}
	return err_set(e, ERR_INVALID, "visoros.seal=%.32s: is none of off, tpm, pcr7", value);
}

enum seal_want seal_want(const struct seal_view *v)
{
	if (v->failed || v->trial)
		return SEAL_LEAVE;
	if (v->sealed && v->wish == SEAL_WISH_OFF)
		return SEAL_CLEAR;
	if (!v->tpm || v->wish == SEAL_WISH_OFF)
		return SEAL_LEAVE;
	if (v->wish == SEAL_WISH_PCR7)
		return v->sealed && v->pcr7 ? SEAL_LEAVE : SEAL_PCR7;
	if (v->sealed && !(v->pcr7 && v->wish == SEAL_WISH_TPM))
		return SEAL_LEAVE;
	return SEAL_TPM;
}
