/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that was needed to start, and is not any more. */
#ifndef DCUI_SHED_H
#define DCUI_SHED_H

/*
 * Unmaps the code and constants of the program and its libraries, page by page, without taking
 * them away: what is needed of them comes back at once when it is used, from the image, which is
 * in memory anyway. What is not (most of it is needed only to link and to start) does not count
 * for this process any more. Nothing that was written to is touched.
 */
void shed_pages(void);

#endif
