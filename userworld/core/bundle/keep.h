/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payloads of the bundles that were installed on the running host, kept as they
 * came, by the names of their tardisks: what a host needs to go back to them, as
 * nothing gives back the file that a tardisk was attached from. They have a
 * ramdisk of their own, just large enough, which goes with the last of them.
 */
#ifndef VISOR_CORE_BUNDLE_KEEP_H
#define VISOR_CORE_BUNDLE_KEEP_H

#include "record.h"

#define BUNDLE_KEEP "/var/db/visoros/payloads"
#define BUNDLE_KEEP_NAME "payloads"

/* Room for the payloads of n bundles more. */
int bundle_keep_room(const struct bundle_record *const *list, size_t n, struct err *e);

/* Takes a staged file in. It is moved: descriptors of it stay good. */
int bundle_keep_take(const char *staged, const char *tardisk, struct err *e);

/* Opens a payload for reading: a descriptor. */
int bundle_keep_open(const char *tardisk, struct err *e);

/* Are all payloads of the bundle there? */
bool bundle_keep_has(const struct bundle_record *r);

/*
 * Removes all that neither a record of the host's nor the journal (which may be
 * NULL) names, and gives back the room.
 */
struct bundle_change;
int bundle_keep_prune(const struct bundle_change *c, struct err *e);

#endif
