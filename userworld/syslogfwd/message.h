/* SPDX-License-Identifier: Apache-2.0 */
/* A record as RFC 5424 has it. Pure. */
#ifndef SYSLOGFWD_MESSAGE_H
#define SYSLOGFWD_MESSAGE_H

#include <stddef.h>

#include "userworld/vmklogger/forward.h"

#define MESSAGE_BYTES (TEXT_MAX + 512)

/*
 * "<PRI>1 TIME HOST COMPONENT WORLD - [meta sequenceId="N"] TEXT"; returns its
 * length. While the clock is not right TIME is "-", and the meta data has the
 * time since boot instead (sysUpTime, hundredths of a second).
 */
size_t message_format(char buf[static MESSAGE_BYTES], const struct forward_packet *p,
		      struct boot_clock clock, const char *host);

/* With the length in front (RFC 5425, 4.3), as streams need it. */
size_t message_frame(char buf[static MESSAGE_BYTES + 8], const char *message, size_t len);

#endif
