/* SPDX-License-Identifier: Apache-2.0 */
/* The way to a TPM: a command goes there, an answer comes back. */
#ifndef VISOR_TPM_LINK_H
#define VISOR_TPM_LINK_H

#include <stdbool.h>

#include "err.h"
#include "userworld/tpm/answer.h"
#include "userworld/tpm/command.h"

/* The kernel's own resource manager: what was loaded goes when the device is closed. */
#define TPM_DEVICE "/dev/tpmrm0"

struct tpm_link {
	/* Returns the bytes of the answer, or -1. */
	int (*ask)(void *context, const struct tpm_command *c,
		   uint8_t answer[static TPM_ANSWER_MAX], struct err *e);
	void *context;
};

bool tpm_present(void);

/* ERR_UNAVAILABLE: this host has no TPM 2.0. The descriptor, which is the context of the link. */
int tpm_open(struct err *e);

/* A link over a descriptor of tpm_open(), which *fd is. */
struct tpm_link tpm_link_of(int *fd);

#endif
