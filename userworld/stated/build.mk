# SPDX-License-Identifier: Apache-2.0
# stated: loads state at boot, saves it when it changes.

programs += stated
stated-src := $(addprefix userworld/stated/, adopt.c effects.c keeper.c load.c note.c pace.c \
	ramdisks.c requests.c save.c screen.c seal.c seal_want.c serve.c stated.c status.c trial.c url.c wait.c watch.c)
stated-lib := $(core-lib)
stated-ldlibs := $(core-ldlibs)
stated-to := /usr/sbin/stated

unit-tests += stated_test
stated_test-src := tests/unit/stated_test.c userworld/stated/note.c userworld/stated/pace.c \
	userworld/stated/seal_want.c
stated_test-lib := visor
