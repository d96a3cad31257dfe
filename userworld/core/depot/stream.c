// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* As bundle_read_fn: no byte goes by that was not counted and hashed. */
static ssize_t read_counted(void *context, void *buf, size_t size)
{
	struct depot_stream *s = context;
	ssize_t n = -1;

	if (s->stop && atomic_load(s->stop))
		errno = ECANCELED;
	else
		n = bundle_source_bytes(&s->source, buf, size);
	if (n > 0) {
		s->got += (uint64_t)n;
		if (s->got > s->entry->size) {
			errno = EFBIG;
			n = -1;
		} else if (sha256_add(&s->sha, buf, (size_t)n, NULL) < 0) {
			errno = ENOMEM;
			n = -1;
		}
	}
	if (n < 0 && errno != EINTR)
		s->fault = errno ? errno : EIO;
	return n;
}

int depot_stream_fault(const struct depot_stream *s, struct err *e)
{
	switch (s->fault) {
	case 0:
		return -1;
	case EFBIG:
		return err_set(e, ERR_INVALID,
			       "%s: is larger than the %" PRIu64 " bytes that the "
			       "index says",
			       s->source.name, s->entry->size);
	case ECANCELED:
		return err_set(e, ERR_CONFLICT, "%s: given up, as another bundle failed",
			       s->source.name);
	case EIO:
		if (!bundle_source_is_remote(&s->source))
			break;
		return err_set(e, ERR_UNAVAILABLE,
			       "%s: the connection broke off after %" PRIu64 " of %" PRIu64
			       " bytes and could not be taken up again",
			       s->source.name, s->got, s->entry->size);
	default:
		break;
	}
	return bundle_source_fault(&s->source, s->fault, e);
}

/* What was decided on is what is in the index: the bundle must say the same. */
static int check_same(const struct depot_stream *s, struct bundle *b, struct err *e)
{
	const struct depot_bundle *entry = s->entry;
	size_t len, signature_len;
	const char *text = bundle_descriptor_text(b, &len);
	const void *signature = bundle_signature(b, &signature_len);

	if (len == entry->text_len && !memcmp(text, entry->text, len) &&
	    signature_len == entry->signature_len &&
	    (!signature_len || !memcmp(signature, entry->signature, signature_len)))
		return 0;
	return err_set(e, ERR_INVALID,
		       "%s: descriptor or signature is other than in the index; "
		       "if the depot is being changed, try again later",
		       s->source.name);
}

static int open_bundle(struct depot_stream *s, struct bundle **b, struct err *e)
{
	if (sha256_start(&s->sha, e) < 0)
		return -1;
	if (bundle_open(b, s->source.name, read_counted, s, e) < 0)
		return depot_stream_fault(s, e);
	if (check_same(s, *b, e) == 0)
		return 0;
	bundle_close(*b);
	return -1;
}

int depot_stream_open(struct depot_stream *s, const struct depot_place *place,
		      const struct depot_bundle *entry, const atomic_bool *stop, struct bundle **b,
		      struct err *e)
{
	memset(s, 0, sizeof(*s));
	s->entry = entry;
	s->stop = stop;
	if (bundle_source_open_at(&s->source, place, entry->path, e) < 0)
		return -1;
	if (open_bundle(s, b, e) == 0)
		return 0;
	depot_stream_close(s);
	return -1;
}

int depot_stream_check(struct depot_stream *s, struct err *e)
{
	char hex[SHA256_HEX], rest[512];
	ssize_t n;

	while ((n = read_counted(s, rest, sizeof(rest))) > 0)
		;
	if (n < 0)
		return depot_stream_fault(s, e);
	if (s->got != s->entry->size)
		return err_set(e, ERR_INVALID, "%s: has %" PRIu64 " bytes, the index says %" PRIu64,
			       s->source.name, s->got, s->entry->size);
	if (sha256_end(&s->sha, hex, e) < 0)
		return -1;
	if (strcmp(hex, s->entry->sha256) != 0)
		return err_set(e, ERR_INVALID, "%s: has SHA-256 %.16s..., the index says %.16s...",
			       s->source.name, hex, s->entry->sha256);
	return 0;
}

void depot_stream_close(struct depot_stream *s)
{
	sha256_free(&s->sha);
	bundle_source_close(&s->source);
}
