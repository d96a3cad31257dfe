// SPDX-License-Identifier: Apache-2.0
/* The scripts that "visorcli completion SHELL" prints. */
#include "completion.h"

#include <string.h>

/* The path is from the top of the tree, where the compiler runs. */
#define SCRIPT(shell)                                                                       \
	__asm__(".section .rodata.completion_" #shell ",\"a\"\n.global completion_" #shell  \
		"\ncompletion_" #shell ":\n.incbin \"userworld/visorcli/completion/" #shell \
		"\"\n.byte 0\n.previous\n");                                                \
	extern const char completion_##shell[]

SCRIPT(bash);
SCRIPT(zsh);
SCRIPT(fish);

const char *completion_script(const char *shell)
{
	if (!strcmp(shell, "bash"))
		return completion_bash;
	if (!strcmp(shell, "zsh"))
		return completion_zsh;
	return strcmp(shell, "fish") == 0 ? completion_fish : NULL;
}
