// SPDX-License-Identifier: Apache-2.0
/* Levels of acceptance, and what they decide. */
#include <string.h>

#include "cleanup.h"
#include "trust.h"

static const char *const names[] = { "unsigned", "community", "partner", "accepted", "certified" };

const char *trust_level_name(enum trust_level level)
{
	return names[level];
}

int trust_level_parse(const char *text, enum trust_level *level, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]))
			continue;
		*level = (enum trust_level)i;
		return 0;
	}
	return err_set(e, ERR_INVALID,
		       "%.64s: must be certified, accepted, partner, community or unsigned", text);
}

enum trust_level trust_level_of(enum bundle_acceptance stated)
{
	return (enum trust_level)(stated + 1);
}

int trust_admit(const struct bundle_descriptor *d, const struct trust_signature *signature,
		enum trust_level gate, struct err *e)
{
	enum trust_level stated = signature ? trust_level_of(d->acceptance_level) : TRUST_UNSIGNED;

	if (signature && signature->level < stated)
		return err_set(
			e, ERR_INVALID,
			"bundle %s states acceptance level %s, but its signer %s has only %s",
			d->name, names[stated], signature->signer, names[signature->level]);
	if (stated >= gate)
		return 0;
	if (!signature)
		return err_set(e, ERR_DENIED,
			       "bundle %s is not signed; acceptance level %s or higher is wanted",
			       d->name, names[gate]);
	return err_set(e, ERR_DENIED, "bundle %s has acceptance level %s; %s or higher is wanted",
		       d->name, names[stated], names[gate]);
}
