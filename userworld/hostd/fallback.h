/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOSTD_FALLBACK_H
#define HOSTD_FALLBACK_H

/* Looks for an image that was started and did not stay, and tells of it. A worker does so. */
void fallback_tell(void);

#endif
