/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks who comes in at a shell's terminal. getty and login of busybox are as they are, but its
 * login knows none of the hashes that passwords are kept as, and no lock-out: so this asks, and
 * lets it do the rest.
 */
#ifndef VISORCLI_LOGIN_H
#define VISORCLI_LOGIN_H

/* login [--] [USER], with a terminal. Becomes the user's shell, or returns the exit code. */
int login_main(int argc, char **argv);

#endif
