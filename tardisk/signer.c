// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * A walk through the DER of a signature. It is stricter than those who verify
 * it, so that what passes here means the same to all of them.
 */
#include "signer.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

enum {
	BOOLEAN = 0x01,
	INTEGER = 0x02,
	BITS = 0x03,
	OCTETS = 0x04,
	NOTHING = 0x05,
	OID = 0x06,
	SEQUENCE = 0x30,
	SET = 0x31,
	TAG_0 = 0xa0, /* constructed, context specific */
	TAG_3 = 0xa3,
};

/* A range of bytes; what was taken from it is gone from its front. */
struct span {
	const unsigned char *p;
	uint32_t len;
};

/* An element: all of it, and its content. */
struct element {
	struct span all;
	struct span in;
};

struct oid {
	uint32_t len;
	unsigned char bytes[11];
};

static const struct oid signed_data = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2 } };
static const struct oid plain_data = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1 } };
static const struct oid signing_time = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 5 } };
static const struct oid sha2 = { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0 } }; /* + which */
static const struct oid rsa = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1 } };
static const struct oid rsa_sha2 = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10 } }; /* + */
static const struct oid ecdsa_sha2 = { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1 } };	    /* + */
static const struct oid constraints = { 3, { 0x55, 0x1d, 0x13 } };
static const struct oid usages = { 3, { 0x55, 0x1d, 0x25 } };
static const struct oid code_signing = { 8, { 0x2b, 6, 1, 5, 5, 7, 3, 3 } };

static bool is(const struct span *s, const struct oid *oid)
{
	return s->len == oid->len && !memcmp(s->p, oid->bytes, oid->len);
}

static bool same(const unsigned char *a, uint32_t a_len, const struct span *b)
{
	return a_len == b->len && !memcmp(a, b->p, a_len);
}

/* Bytes of the header of the element at the front and of its content; 0 if it is no DER. */
static uint32_t header(const struct span *s, uint32_t *len)
{
	uint32_t n, i;

	if (s->len < 2 || (s->p[0] & 0x1f) == 0x1f)
		return 0;
	*len = s->p[1];
	if (*len < 0x80)
		return 2;
	n = *len & 0x7f;
	if (!n || n > 3 || s->len < 2 + n || !s->p[2])
		return 0;
	*len = 0;
	for (i = 0; i < n; i++)
		*len = *len << 8 | s->p[2 + i];
	return *len < 0x80 ? 0 : 2 + n;
}

/* Takes the element at the front if it has that tag. */
static bool take(struct span *s, unsigned int tag, struct element *e)
{
	uint32_t len, head;

	if (!s->len || s->p[0] != tag)
		return false;
	head = header(s, &len);
	if (!head || len > s->len - head)
		return false;
	e->all = (struct span){ s->p, head + len };
	e->in = (struct span){ s->p + head, len };
	s->p += head + len;
	s->len -= head + len;
	return true;
}

/* The only element there is. */
static bool take_all(struct span s, unsigned int tag, struct element *e)
{
	return take(&s, tag, e) && !s.len;
}

/* The version of such structures whose signer is named by issuer and serial number (RFC 5652). */
static bool take_version(struct span *s)
{
	struct element e;

	return take(s, INTEGER, &e) && e.in.len == 1 && e.in.p[0] == 1;
}

/* An algorithm: its OID, without parameters. Those that we know have none. */
static bool read_algorithm(struct span algorithm, struct element *oid)
{
	struct element none;

	if (!take(&algorithm, OID, oid))
		return false;
	return !algorithm.len || (take_all(algorithm, NOTHING, &none) && !none.in.len);
}

/* SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLen INTEGER OPTIONAL } */
static bool read_constraints(struct span value, struct tardisk_certificate *c)
{
	struct element e, flag;

	if (!take_all(value, SEQUENCE, &e))
		return false;
	if (take(&e.in, BOOLEAN, &flag)) {
		if (flag.in.len != 1 || flag.in.p[0] != 0xff)
			return false;
		c->authority = true;
	}
	take(&e.in, INTEGER, &flag);
	return !e.in.len;
}

static bool read_usages(struct span value, struct tardisk_certificate *c)
{
	struct element e, usage;

	if (!take_all(value, SEQUENCE, &e))
		return false;
	while (e.in.len) {
		if (!take(&e.in, OID, &usage))
			return false;
		c->signs_code |= is(&usage.in, &code_signing);
	}
	return true;
}

/* Each at most once, or it would depend on the reader which one counts. */
static bool read_extensions(struct span list, struct tardisk_certificate *c)
{
	bool had_constraints = false, had_usages = false;

	while (list.len) {
		struct element one, oid, critical, value;

		if (!take(&list, SEQUENCE, &one) || !take(&one.in, OID, &oid))
			return false;
		take(&one.in, BOOLEAN, &critical);
		if (!take_all(one.in, OCTETS, &value))
			return false;
		if (is(&oid.in, &constraints)) {
			if (had_constraints || !read_constraints(value.in, c))
				return false;
			had_constraints = true;
		} else if (is(&oid.in, &usages)) {
			if (had_usages || !read_usages(value.in, c))
				return false;
			had_usages = true;
		}
	}
	return true;
}

/*
 * TBSCertificate: of version 3, the one that has extensions. The algorithm that is named beside
 * it, where nobody has signed it, must be the one in here.
 */
static bool read_body(struct span body, const struct span *algorithm, struct tardisk_certificate *c)
{
	struct element e, list;

	if (!take(&body, TAG_0, &e) || !take(&body, INTEGER, &e))
		return false;
	c->serial = e.all.p;
	c->serial_len = e.all.len;
	if (!take(&body, SEQUENCE, &e) || !same(e.all.p, e.all.len, algorithm) ||
	    !take(&body, SEQUENCE, &e))
		return false;
	c->issuer = e.all.p;
	c->issuer_len = e.all.len;
	/* validity, subject, key */
	if (!take(&body, SEQUENCE, &e) || !take(&body, SEQUENCE, &e) || !take(&body, SEQUENCE, &e))
		return false;
	c->key = e.all.p;
	c->key_len = e.all.len;
	return take_all(body, TAG_3, &e) && take_all(e.in, SEQUENCE, &list) &&
	       read_extensions(list.in, c);
}

const char *tardisk_certificate_init(struct tardisk_certificate *c, const void *der, uint32_t len)
{
	struct span s = { der, len };
	struct element e, body, algorithm, bits;

	memset(c, 0, sizeof(*c));
	c->der = der;
	c->len = len;
	if (!take_all(s, SEQUENCE, &e) || !take(&e.in, SEQUENCE, &body) ||
	    !take(&e.in, SEQUENCE, &algorithm) || !take_all(e.in, BITS, &bits) ||
	    !read_body(body.in, &algorithm.all, c))
		return "a certificate is malformed";
	return NULL;
}

static const char *read_certificates(struct tardisk_signer *s, struct span list)
{
	while (list.len) {
		const char *fault;
		struct element e;

		if (s->count == TARDISK_CERTIFICATES)
			return "it carries more than five certificates";
		if (!take(&list, SEQUENCE, &e))
			return "a certificate is malformed";
		fault = tardisk_certificate_init(&s->certificates[s->count++], e.all.p, e.all.len);
		if (fault)
			return fault;
	}
	return NULL;
}

static bool has_signing_time(struct span attributes)
{
	uint32_t times = 0;

	while (attributes.len) {
		struct element one, oid, values;

		if (!take(&attributes, SEQUENCE, &one) || !take(&one.in, OID, &oid) ||
		    !take_all(one.in, SET, &values))
			return false;
		times += is(&oid.in, &signing_time);
	}
	return times == 1;
}

/* An algorithm of a family: how far its last byte lies beyond the family's, or 0. */
static uint32_t member(const struct span *s, const struct oid *family)
{
	uint32_t last = family->len - 1;

	if (s->len != family->len || memcmp(s->p, family->bytes, last) ||
	    s->p[last] < family->bytes[last])
		return 0;
	return s->p[last] - family->bytes[last];
}

static bool is_strong(struct span algorithm, struct element *oid)
{
	if (!read_algorithm(algorithm, oid))
		return false;
	return member(&oid->in, &sha2) >= 1 && member(&oid->in, &sha2) <= 3;
}

/* RSA, plain or with the digest that is named before; or ECDSA with that. */
static bool is_signature(struct span algorithm, const struct element *digest)
{
	uint32_t which = member(&digest->in, &sha2);
	struct element oid;

	return read_algorithm(algorithm, &oid) &&
	       (is(&oid.in, &rsa) || member(&oid.in, &rsa_sha2) == which ||
		member(&oid.in, &ecdsa_sha2) == which);
}

/* What is announced in front, where nobody has signed it, must be what the signer used. */
static bool is_announced(struct span digests, const struct element *oid)
{
	struct element algorithm, announced;

	return take_all(digests, SEQUENCE, &algorithm) &&
	       read_algorithm(algorithm.in, &announced) &&
	       same(announced.in.p, announced.in.len, &oid->in);
}

static const char *find_signer(struct tardisk_signer *s, struct span id)
{
	struct element issuer, serial;
	uint32_t i, found = 0;

	if (!take(&id, SEQUENCE, &issuer) || !take_all(id, INTEGER, &serial))
		return "its signer is not named by issuer and serial number";
	for (i = 0; i < s->count; i++) {
		const struct tardisk_certificate *c = &s->certificates[i];

		if (!same(c->issuer, c->issuer_len, &issuer.all) ||
		    !same(c->serial, c->serial_len, &serial.all))
			continue;
		s->first = i;
		found++;
	}
	return found == 1 ? NULL : "the certificate of its signer is not inside";
}

static const char *read_signer(struct tardisk_signer *s, struct span list, struct span digests)
{
	struct element info, id, oid, e;

	if (!take_all(list, SEQUENCE, &info))
		return "it must have one signer";
	if (!take_version(&info.in) || !take(&info.in, SEQUENCE, &id))
		return "its signer is not named by issuer and serial number";
	if (!take(&info.in, SEQUENCE, &e) || !is_strong(e.in, &oid))
		return "its digest is not SHA-256, SHA-384 or SHA-512";
	if (!is_announced(digests, &oid))
		return "it announces another digest than its signer's";
	if (!take(&info.in, TAG_0, &e) || !has_signing_time(e.in))
		return "it has no signing time";
	if (!take(&info.in, SEQUENCE, &e) || !is_signature(e.in, &oid) ||
	    !take_all(info.in, OCTETS, &e))
		return "its signer's part is malformed";
	return find_signer(s, id.in);
}

static const char *check_purposes(const struct tardisk_signer *s)
{
	uint32_t i;

	if (!s->certificates[s->first].signs_code)
		return "the certificate of its signer is not for signing code";
	for (i = 0; i < s->count; i++)
		if (s->certificates[i].authority == (i == s->first))
			return i == s->first ? "its signer is an authority"
					     : "a certificate is of one who is no authority";
	return NULL;
}

const char *tardisk_signer_init(struct tardisk_signer *s, const void *cms, uint32_t len)
{
	struct element all, oid, data, digests, content, certificates, signers;
	struct span input = { cms, len };
	const char *fault;

	memset(s, 0, sizeof(*s));
	if (!take_all(input, SEQUENCE, &all) || !take(&all.in, OID, &oid) ||
	    !is(&oid.in, &signed_data) || !take_all(all.in, TAG_0, &content) ||
	    !take_all(content.in, SEQUENCE, &data))
		return "it is no CMS structure of signed data";
	if (!take_version(&data.in) || !take(&data.in, SET, &digests) ||
	    !take(&data.in, SEQUENCE, &content) || !take_all(content.in, OID, &oid) ||
	    !is(&oid.in, &plain_data))
		return "it is not over data outside of it";
	if (!take(&data.in, TAG_0, &certificates))
		return "the certificate of its signer is not inside";
	if (!take_all(data.in, SET, &signers))
		return "it must have one signer";
	fault = read_certificates(s, certificates.in);
	if (!fault)
		fault = read_signer(s, signers.in, digests.in);
	return fault ? fault : check_purposes(s);
}
