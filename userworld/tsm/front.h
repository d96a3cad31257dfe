/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session at a terminal: the shell runs on a terminal of its own, in between
 * lines are edited, logged and passed on. All shells of the session are covered,
 * also those that a program starts: their terminal does not echo, so they leave
 * the editing of lines to it, and programs that handle keys themselves get them
 * as they are.
 */
#ifndef TSM_FRONT_H
#define TSM_FRONT_H

/*
 * Runs argv until it ends. idle: seconds without a key at the prompt after which
 * the session is ended, 0: never. Returns an exit code.
 */
int front_run(char *const *argv, unsigned int idle);

#endif
