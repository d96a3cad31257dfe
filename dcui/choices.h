/* SPDX-License-Identifier: Apache-2.0 */
/* A full screen of things that can be done: a list on the left; what the chosen one is and how it
 * stands now on the right. */
#ifndef DCUI_CHOICES_H
#define DCUI_CHOICES_H

#include "dcui/page.h"
#include "dcui/ui.h"

struct choice {
	const char *title, *text;
	enum action (*open)(struct model *m);
	void (*state)(const struct model *m, struct page *p); /* NULL: nothing to say */
};

struct choices {
	const char *title, *footer;
	const struct choice *choice;
	int count;
};

void choices_render(const struct choices *c, const struct list *chosen, const struct model *m,
		    struct grid *g);

/* ACTION_IGNORED for keys that are neither for the list nor Enter. */
enum action choices_handle(const struct choices *c, struct list *chosen, struct key key,
			   struct model *m);

#endif
