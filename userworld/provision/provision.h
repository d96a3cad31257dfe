/* SPDX-License-Identifier: Apache-2.0 */
/* provision: the same program as visorcli under another name, with which it shares its code. */
#ifndef VISOR_PROVISION_H
#define VISOR_PROVISION_H

/* A main(): returns the exit code. core_init() has been called. */
int provision_main(int argc, char **argv);

#endif
