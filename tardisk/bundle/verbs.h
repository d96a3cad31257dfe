/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of bundle(1). Each takes argv from its own name on and returns the exit code. */
#ifndef TARDISK_BUNDLE_VERBS_H
#define TARDISK_BUNDLE_VERBS_H

int verb_build(int argc, char **argv);
int verb_depot(int argc, char **argv);
int verb_diff(int argc, char **argv);
int verb_extract(int argc, char **argv);
int verb_init(int argc, char **argv);
int verb_inspect(int argc, char **argv);
int verb_lint(int argc, char **argv);
int verb_manifest(int argc, char **argv);
int verb_revoke(int argc, char **argv);
int verb_sign(int argc, char **argv);
int verb_verify(int argc, char **argv);

#endif
