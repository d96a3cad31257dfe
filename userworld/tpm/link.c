// SPDX-License-Identifier: Apache-2.0
#include "userworld/tpm/link.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool tpm_present(void)
{
	return access(TPM_DEVICE, F_OK) == 0;
}

int tpm_open(struct err *e)
{
	int fd = open(TPM_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0 && (errno == ENOENT || errno == ENXIO || errno == ENODEV))
		return err_set(e, ERR_UNAVAILABLE,
			       "this host has no TPM 2.0 (" TPM_DEVICE "): switch it on in the "
			       "firmware's menu");
	return fd < 0 ? err_sys(e, errno, TPM_DEVICE ": open") : fd;
}

static int ask(void *context, const struct tpm_command *c, uint8_t answer[static TPM_ANSWER_MAX],
	       struct err *e)
{
	const int *fd = context;
	ssize_t n = write(*fd, c->bytes, c->len);

	if (n != (ssize_t)c->len)
		return err_sys(e, n < 0 ? errno : EIO, TPM_DEVICE ": write");
	n = read(*fd, answer, TPM_ANSWER_MAX);
	return n < 0 ? err_sys(e, errno, TPM_DEVICE ": read") : (int)n;
}

struct tpm_link tpm_link_of(int *fd)
{
	return (struct tpm_link){ ask, fd };
}
