/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a zip archive says about its members: in its central directory, whose place
 * is told at the archive's end. Archives below 4 GiB only. Pure. (libarchive's
 * reader of zip would bring two more decompressors and a cryptographic library
 * into the image, and reads no archive in parts from a server.)
 */
#ifndef VISOR_CORE_DEPOT_ZIP_DIRECTORY_H
#define VISOR_CORE_DEPOT_ZIP_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define ZIP_TAIL 65557 /* bytes: in these last ones the directory's place is told */
#define ZIP_DIRECTORY_MAX (8u << 20)

struct zip_place {
	uint64_t at; /* of the directory's first byte */
	uint32_t size;
	uint32_t n; /* entries */
};

struct zip_entry {
	uint32_t flags, method, crc;
	uint32_t packed, size; /* bytes as they are in the archive, and unpacked */
	uint64_t header, end;  /* where the member begins, and the next one or the directory */
};

/*
 * tail: the last len bytes of an archive of size bytes, ZIP_TAIL of them or all.
 * ERR_INVALID, with name, for what is no archive or not to be read.
 */
int zip_find_directory(const unsigned char *tail, size_t len, uint64_t size,
		       struct zip_place *place, const char *name, struct err *e);

/*
 * The entry of a member, which has room from its header to its end. ERR_NOT_FOUND,
 * ERR_INVALID for a damaged directory.
 */
int zip_find_entry(const unsigned char *directory, const struct zip_place *place,
		   const char *member, struct zip_entry *entry, const char *name, struct err *e);

#endif
