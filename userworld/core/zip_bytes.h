/* SPDX-License-Identifier: Apache-2.0 */
/* Of PKWARE's APPNOTE: sizes of records, and their numbers. */
#ifndef VISOR_CORE_ZIP_BYTES_H
#define VISOR_CORE_ZIP_BYTES_H

#include <stdint.h>

#define ZIP_END_SIZE 22	   /* the end of the central directory, without the comment */
#define ZIP_ENTRY_SIZE 46  /* an entry of it, without name, extra field and comment */
#define ZIP_HEADER_SIZE 30 /* before a member, without name and extra field */

static inline uint32_t zip_le16(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t zip_le32(const unsigned char *p)
{
	return zip_le16(p) | zip_le16(p + 2) << 16;
}

#endif
