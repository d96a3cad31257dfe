/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes this process able to work when others have taken everything: its memory is there
 * already and stays, and it gets the processor before all that are not real-time, whatever
 * their number. The kernel also lets such a process have of its last reserve. What is not
 * granted is logged: it works without.
 */
#ifndef OOMD_ARM_H
#define OOMD_ARM_H

void arm(void);

#endif
