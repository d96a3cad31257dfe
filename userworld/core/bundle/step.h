/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a change, in their order: what was done when it is called. A test
 * that links libcore can be called at each of them, to end the process there.
 */
#ifndef VISOR_CORE_BUNDLE_STEP_H
#define VISOR_CORE_BUNDLE_STEP_H

/* clang-format off */
#define BUNDLE_STEPS(step)                                                             \
	step(FETCHED, "the payloads of one bundle are staged")                         \
	step(STAGED, "payloads are checked")                                           \
	step(KEPT, "payloads are where they stay")                                     \
	step(JOURNAL, "the journal is written")                                        \
	step(PRE_REMOVE, "hooks of what goes have run")                                \
	step(LOCAL, "changed state files are files of their ramdisk")                  \
	step(PAUSED, "services of the host are down")                                  \
	step(STOPPED, "services of what goes are down")                                \
	step(SWITCHED, "the namespace is switched")                                    \
	step(RECORDED, "records are written")                                          \
	step(RENEWED, "state files are renewed, and the journal says that it is done") \
	step(CLEARED, "the staging ramdisk is gone")                                   \
	step(STARTED, "services are up")                                               \
	step(POST_INSTALL, "hooks of what came have run")                              \
	step(WATCHED, "the trial was passed")                                          \
	step(IN_BANK, "the boot medium has the new set")                               \
	step(BACK, "the journal says that it goes back")                               \
	step(BACK_STOPPED, "services of what came are down again")                     \
	step(BACK_SWITCHED, "the namespace is switched back")                          \
	step(BACK_RECORDED, "records are those of before")                             \
	step(BACK_STARTED, "services of before are up")
/* clang-format on */

#define BUNDLE_STEP_NAME(name, what) BUNDLE_STEP_##name,
enum bundle_step { BUNDLE_STEPS(BUNDLE_STEP_NAME) BUNDLE_N_STEPS };
#undef BUNDLE_STEP_NAME

/* What was done, for people. */
extern const char *const bundle_step_words[];

/* For tests; NULL on every host. */
extern void (*bundle_step_hook)(enum bundle_step step);

/* Tells the test that a step is done. */
void bundle_step(enum bundle_step step);

#endif
