/* SPDX-License-Identifier: Apache-2.0 */
/* visor-support: the same program as visorcli under another name, without hostd. */
#ifndef VISORCLI_SUPPORT_H
#define VISORCLI_SUPPORT_H

/* A main(): returns the exit code. core_init() has been called. */
int support_main(int argc, char **argv);

#endif
