// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The parts of a header area that are not entries: fields common to all
 * headers, pax records, and the volume header made of them.
 *
 * Numbers are taken in one spelling only: what is written twice from the same
 * input is then the same twice.
 */
#include "raw.h"

int tardisk_refuse(struct tardisk_error *error, uint64_t offset, const char *field,
		   const char *what)
{
	error->offset = offset;
	error->field = field;
	error->what = what;
	return -1;
}

/* A call for each word would cost more than what is done with it. */
static inline __attribute__((always_inline)) uint64_t load64(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Words at a time: most of an attach's own work is looking at headers. */
bool tardisk_all_zero(const unsigned char *p, uint32_t len)
{
	for (; len >= 32; p += 32, len -= 32)
		if (load64(p) | load64(p + 8) | load64(p + 16) | load64(p + 24))
			return false;
	for (; len >= 8; p += 8, len -= 8)
		if (load64(p))
			return false;
	while (len--)
		if (*p++)
			return false;
	return true;
}

bool tardisk_record_is(const struct tardisk_record *rec, const char *name)
{
	return rec->name_len == strlen(name) && !memcmp(rec->name, name, rec->name_len);
}

static uint64_t be32(const unsigned char *p)
{
	return (uint64_t)p[0] << 24 | (uint64_t)p[1] << 16 | (uint64_t)p[2] << 8 | p[3];
}

/*
 * Seven digits and a NUL, the first digit in the highest byte: neighbours are
 * joined to two digits, to four, to seven.
 */
static bool join_octal(uint64_t text, uint64_t *value)
{
	text ^= 0x3030303030303000ull;
	if (text & ~0x0707070707070700ull)
		return false;
	text = (text >> 8 & 0x0007000700070007ull) | (text >> 13 & 0x0038003800380038ull);
	text = (text & 0x0000003f0000003full) | (text >> 10 & 0x00000fc000000fc0ull);
	*value = (text & 0xfff) | (text >> 20 & 0x1ff000);
	return true;
}

bool tardisk_get_octal(const unsigned char *p, uint32_t len, uint64_t *value)
{
	uint64_t high = 0;

	/* Four digits more come before those seven: three zeros make seven of them. */
	if (len == LONG_LEN && !join_octal(0x3030300000000000ull | be32(p) << 8, &high))
		return false;
	p += len - ID_LEN;
	if (!join_octal(be32(p) << 32 | be32(p + 4), value))
		return false;
	*value |= high << 21;
	return true;
}

static uint64_t pairs(uint64_t word)
{
	const uint64_t lanes = 0x00ff00ff00ff00ffull;

	return (word & lanes) + (word >> 8 & lanes);
}

/* Sum of the bytes of a block, in four lanes of 16 bits, which 128 bytes each cannot fill. */
static uint32_t sum_of_block(const unsigned char *p)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < TARDISK_BLOCK; i += 32)
		sum += pairs(load64(p + i)) + pairs(load64(p + i + 8)) + pairs(load64(p + i + 16)) +
		       pairs(load64(p + i + 24));
	return (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32 & 0xffff) + (sum >> 48);
}

static bool checksum_holds(const unsigned char *h)
{
	uint32_t sum = sum_of_block(h), stated = 0, i;

	for (i = CHKSUM; i < TYPE; i++)
		sum += ' ' - h[i];
	for (i = CHKSUM; i < CHKSUM + 6; i++) {
		if (h[i] < '0' || h[i] > '7')
			return false;
		stated = stated << 3 | (uint32_t)(h[i] - '0');
	}
	return !h[i] && h[i + 1] == ' ' && sum == stated;
}

int tardisk_check_header(const unsigned char *h, uint64_t at, struct tardisk_error *error)
{
	if (!checksum_holds(h))
		return tardisk_refuse(error, at, "chksum", "wrong");
	if (memcmp(h + MAGIC, "visor  ", MAGIC_LEN))
		return tardisk_refuse(error, at, "magic", "wrong");
	if (!tardisk_all_zero(h + OWNERS, OWNERS_LEN))
		return tardisk_refuse(error, at, "uname", "not empty");
	if (!tardisk_all_zero(h + PREFIX, PREFIX_LEN))
		return tardisk_refuse(error, at, "prefix", "not empty");
	if (!tardisk_all_zero(h + UNUSED, UNUSED_LEN))
		return tardisk_refuse(error, at, "unused bytes", "not zero");
	return 0;
}

int tardisk_check_records_header(const unsigned char *h, uint64_t at, uint32_t max, uint32_t *size,
				 struct tardisk_error *error)
{
	uint64_t value;

	if (!tardisk_get_octal(h + SIZE, LONG_LEN, &value) || !value || value > max)
		return tardisk_refuse(error, at, "size", "out of range for records");
	if (!tardisk_all_zero(h + LINKNAME, NAME_LEN) ||
	    !tardisk_all_zero(h + DEVMAJOR, 2 * ID_LEN) || !tardisk_all_zero(h + OFFSET, 8))
		return tardisk_refuse(error, at, "header of records",
				      "has fields only entries have");
	*size = (uint32_t)value;
	return 0;
}

int tardisk_next_record(const char *list, uint32_t len, uint32_t *pos, struct tardisk_record *rec)
{
	const char *p = list + *pos;
	uint32_t left = len - *pos, total = 0, i = 0, eq;

	if (!left)
		return 0;
	while (i < left && i < 8 && p[i] >= '0' && p[i] <= '9')
		total = total * 10 + (uint32_t)(p[i++] - '0');
	if (!i || p[0] == '0' || total > left || total < i + 4 || p[i] != ' ')
		return -1;
	i++;
	for (eq = i; eq < total && p[eq] != '='; eq++)
		if (!p[eq])
			return -1;
	if (eq == i || eq + 1 >= total || p[total - 1] != '\n')
		return -1;
	rec->name = p + i;
	rec->name_len = eq - i;
	rec->value = p + eq + 1;
	rec->value_len = total - eq - 2;
	*pos += total;
	return 1;
}

/* Decimal, one spelling, at most max. */
static bool get_decimal(const struct tardisk_record *rec, uint64_t max, uint64_t *value)
{
	uint32_t i;

	*value = 0;
	if (!rec->value_len || rec->value_len > 10 || (rec->value[0] == '0' && rec->value_len > 1))
		return false;
	for (i = 0; i < rec->value_len; i++) {
		if (rec->value[i] < '0' || rec->value[i] > '9')
			return false;
		*value = *value * 10 + (uint64_t)(rec->value[i] - '0');
	}
	return *value <= max;
}

static int check_volume(const struct tardisk_volume *v, struct tardisk_error *error)
{
	if (v->headers % TARDISK_PAGE || !v->headers)
		return tardisk_refuse(error, TARDISK_BLOCK, "VISOR.headers",
				      "not a multiple of 4096");
	if (v->size % TARDISK_PAGE || v->size < v->headers)
		return tardisk_refuse(error, TARDISK_BLOCK, "VISOR.size",
				      "not a multiple of 4096 or too small");
	if (v->frame < TARDISK_FRAME_MIN || v->frame & (v->frame - 1))
		return tardisk_refuse(error, TARDISK_BLOCK, "VISOR.frame",
				      "not a power of two from 65536 to 1048576");
	/* The volume header, its records and the end marker take two blocks each. */
	if (v->entries > v->headers / TARDISK_BLOCK - 4)
		return tardisk_refuse(error, TARDISK_BLOCK, "VISOR.entries",
				      "more than the header area can hold");
	return 0;
}

int tardisk_read_volume(const void *base, uint32_t len, struct tardisk_volume *volume,
			struct tardisk_error *error)
{
	static const struct {
		const char *name;
		uint64_t max;
	} wanted[5] = { { "VISOR.version", 0xffffffffu },
			{ "VISOR.entries", TARDISK_MAX_ENTRIES },
			{ "VISOR.headers", TARDISK_MAX_HEADERS },
			{ "VISOR.size", TARDISK_MAX_SIZE },
			{ "VISOR.frame", TARDISK_FRAME } };
	const unsigned char *h = base;
	uint64_t value[5];
	struct tardisk_record rec;
	uint32_t size, pos = 0, i;

	if (len < TARDISK_VOLUME_MIN)
		return tardisk_refuse(error, 0, "volume header", "cut short");
	if (tardisk_check_header(h, 0, error))
		return -1;
	if (h[TYPE] != 'g' || memcmp(h + NAME, "tardisk", 8))
		return tardisk_refuse(error, 0, "type", "not a volume header");
	if (tardisk_check_records_header(h, 0, TARDISK_BLOCK, &size, error))
		return -1;
	for (i = 0; i < 5; i++) {
		if (tardisk_next_record((const char *)h + TARDISK_BLOCK, size, &pos, &rec) != 1 ||
		    !tardisk_record_is(&rec, wanted[i].name) ||
		    !get_decimal(&rec, wanted[i].max, &value[i]))
			return tardisk_refuse(error, TARDISK_BLOCK, wanted[i].name,
					      "missing or out of range");
		if (!i && value[0] != TARDISK_VERSION)
			return tardisk_refuse(error, TARDISK_BLOCK, wanted[0].name, "is not 1");
	}
	if (pos != size || !tardisk_all_zero(h + TARDISK_BLOCK + size, TARDISK_BLOCK - size))
		return tardisk_refuse(error, TARDISK_BLOCK, "volume header",
				      "has bytes behind its records");
	volume->entries = (uint32_t)value[1];
	volume->headers = (uint32_t)value[2];
	volume->size = value[3];
	volume->frame = (uint32_t)value[4];
	return check_volume(volume, error);
}
