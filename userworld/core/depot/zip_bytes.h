/* SPDX-License-Identifier: Apache-2.0 */
/* Of PKWARE's APPNOTE: sizes of records, and their numbers. */
#ifndef VISOR_CORE_DEPOT_ZIP_BYTES_H
#define VISOR_CORE_DEPOT_ZIP_BYTES_H

#include <stdint.h>

#include "tardisk/le.h"

#define ZIP_END_SIZE 22	   /* the end of the central directory, without the comment */
#define ZIP_ENTRY_SIZE 46  /* an entry of it, without name, extra field and comment */
#define ZIP_HEADER_SIZE 30 /* before a member, without name and extra field */

#endif
