/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom this host trusts (docs/trust.md). The image brings roots, a first
 * revocation list and the acceptance level; the operator's choices are state
 * files below /etc/visoros.
 */
#ifndef VISOR_CORE_TRUST_HOST_TRUST_H
#define VISOR_CORE_TRUST_HOST_TRUST_H

#include "userworld/core/bundle/record.h"
#include "tardisk/trust/trust.h"

#define TRUST_IMAGE "/usr/share/visoros/trust"
#define TRUST_IMAGE_POLICY TRUST_IMAGE "/policy.conf" /* level = ..., lowest = ... */
#define TRUST_IMAGE_LIST TRUST_IMAGE "/revocations.p7m"
#define TRUST_HOST_ROOTS "/etc/visoros/community.pem" /* roots of the operator's own */
#define TRUST_HOST_LEVEL "/etc/visoros/acceptance"    /* the name of a level */
#define TRUST_HOST_LIST "/etc/visoros/revocations.p7m"

/* Roots and the newest revocation list. The caller frees with trust_free(). */
int host_trust_load(struct trust **t, struct err *e);

/* A revocation list that trust_revoke() took becomes the host's. */
int host_trust_store_list(const void *data, size_t len, struct err *e);

/* The level that a bundle must have at least, and the lowest that may be chosen. */
int host_gate_get(enum trust_level *gate, enum trust_level *lowest, struct err *e);

/* ERR_DENIED below the lowest. */
int host_gate_set(enum trust_level gate, struct err *e);

/*
 * Is a bundle's signature good enough for this host? *out is filled if it has
 * one. Both errors of trust_verify() and of trust_admit().
 */
int host_trust_check(const struct trust *t, enum trust_level gate,
		     const struct bundle_descriptor *d, const void *text, size_t len,
		     const void *signature, size_t signature_len, struct trust_signature *out,
		     struct err *e);

/* The same of one that is to be installed: that it is refused is an event. */
int host_trust_admit(const struct trust *t, enum trust_level gate,
		     const struct bundle_descriptor *d, const void *text, size_t len,
		     const void *signature, size_t signature_len, struct err *e);

/* The level that an installed bundle has. */
enum trust_level host_trust_level(const struct bundle_record *r);

#endif
