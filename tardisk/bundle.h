/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundles (bundle(5)): an ar archive of descriptor.json, signature.p7s,
 * payload tardisks and manifests, in this order.
 *
 * Reading is one pass over a stream in bounded memory: the descriptor comes
 * first and is held; each payload is copied to a descriptor of the caller
 * while its size and SHA-256 are compared with what the descriptor promises.
 *
 *	bundle_open_fd(&b, "strace.vib", fd, e)
 *	d = bundle_descriptor(b)                  decide by it
 *	for each d->payloads[i]: bundle_copy_payload(b, file[i], e)
 *	bundle_finish(b, e)                       only now is the bundle good
 *	bundle_close(b)
 *
 * Nothing that was copied may be used before bundle_finish() has succeeded.
 * Errors name bundle, member and field or offset; a bundle that is damaged or
 * breaks a rule gives ERR_INVALID, a read or write that fails ERR_SYSTEM or
 * ERR_NO_SPACE.
 *
 * The digests are over the compressed payloads. That their content is a sound
 * tardisk is checked by whoever unpacks them: visorfs at attach, and
 * "bundle verify", which also compares content_sha256 and root_hash.
 */
#ifndef TARDISK_BUNDLE_H
#define TARDISK_BUNDLE_H

#include <sys/types.h>

#include "descriptor.h"
#include "err.h"

#define BUNDLE_DESCRIPTOR_NAME "descriptor.json"
#define BUNDLE_SIGNATURE_NAME "signature.p7s"
#define BUNDLE_SIGNATURE_MAX (1u << 20) /* bytes */
#define BUNDLE_MANIFESTS_NAME "manifests"

struct bundle;

/*
 * Where a bundle comes from: fills buf with 1 to size bytes and returns how
 * many, 0 at the end, -1 with errno. It may block.
 */
typedef ssize_t bundle_read_fn(void *context, void *buf, size_t size);

/*
 * Opens a bundle and reads up to the first payload: descriptor and signature.
 * name is for messages (a path or URL, copied). On success *b belongs to the
 * caller; on failure there is nothing to close.
 */
int bundle_open(struct bundle **b, const char *name, bundle_read_fn *read, void *context,
		struct err *e);

/* The same from a file descriptor, read from where it stands; it stays the caller's. */
int bundle_open_fd(struct bundle **b, const char *name, int fd, struct err *e);

/* What the bundle says about itself. Valid until bundle_close(). */
const struct bundle_descriptor *bundle_descriptor(const struct bundle *b);

/* The exact bytes of descriptor.json (what a signature is over), NUL behind. As long valid. */
const char *bundle_descriptor_text(const struct bundle *b, size_t *len);

/* The detached signature, in DER; *len is 0 for an unsigned bundle. As long valid. */
const void *bundle_signature(const struct bundle *b, size_t *len);

/*
 * Copies the next payload of the descriptor to fd, from where fd stands, and
 * compares size and digest; with fd -1 only compares. Call it exactly
 * descriptor->n_payloads times. After an error only bundle_close() is allowed.
 */
int bundle_copy_payload(struct bundle *b, int fd, struct err *e);

/* The same into a function, which is given all bytes in order; -1 with *e set ends it. */
typedef int bundle_write_fn(void *context, const void *data, size_t len, struct err *e);
int bundle_stream_payload(struct bundle *b, bundle_write_fn *write, void *context, struct err *e);

/*
 * Reads the manifests, if there are any, and checks that the archive ends where it should.
 * Payloads not copied are an error of the caller.
 */
int bundle_finish(struct bundle *b, struct err *e);

/*
 * The signed manifest (tardisk/manifest.h) of payload number i, for attest_put(): it is
 * of that payload, whether its signature is good was not asked. Valid from
 * bundle_finish() to bundle_close(); NULL if the bundle has none.
 */
const void *bundle_manifest(const struct bundle *b, size_t i, size_t *len);

/* NULL is allowed. */
void bundle_close(struct bundle *b);

/* All of them, as they are in the archive; *len is 0 if there are none. */
const void *bundle_manifests(const struct bundle *b, size_t *len);

/* What a bundle is made of. Nothing of it becomes the writer's. */
struct bundle_parts {
	const struct bundle_descriptor *d;
	const char *text; /* of the descriptor, byte for byte: what is or will be signed */
	size_t text_len;
	const void *sig; /* the signature in DER, or NULL */
	size_t sig_len;
	const int *fds;	       /* open files, in the order of d->payloads */
	const void *manifests; /* of all payloads, one behind the other, or NULL */
	size_t manifests_len;
};

/*
 * Writes a bundle to fd. The same parts give the same bytes. The payloads are
 * read from offset 0 with pread(2); their sizes and digests must be those in
 * d: ERR_CONFLICT.
 */
int bundle_write(int fd, const struct bundle_parts *parts, struct err *e);

/*
 * May two bundles be installed beside each other by their files? ERR_CONFLICT
 * names a file that both have, unless one of both is an overlay or both share it.
 */
int bundle_check_files(const struct bundle_descriptor *d, const struct bundle_descriptor *other,
		       struct err *e);

#endif
