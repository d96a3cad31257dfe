/* SPDX-License-Identifier: Apache-2.0 */
/* What both sides of the archive of a snapshot know. */
#ifndef VISOR_STATE_PACK_H
#define VISOR_STATE_PACK_H

/* The member that lists the shipped files that were deleted, a path a line. */
#define STATE_DELETED_MEMBER ".visoros/deleted"

#endif
