# SPDX-License-Identifier: Apache-2.0
# hostd: the management agent.

programs += hostd
hostd-src := $(addprefix userworld/hostd/, api.c auth.c call.c cert.c collect.c conn.c fallback.c follow.c hardware_watch.c hostd.c listen.c \
	login.c page.c problem.c ramdisk_watch.c redirect.c redirect_answer.c reply.c root.c route.c session.c \
	stream.c tls.c upload.c worker.c)
hostd-lib := $(core-lib)
hostd-ldlibs := $(core-ldlibs)
hostd-to := /usr/sbin/hostd

# page.c takes these in with .incbin, which the compiler's dependencies do not see.
$(O)/obj/userworld/hostd/page.o: $(wildcard userworld/hostd/page/*)

golden-tests += tests/golden/hostd/run tests/golden/hostd/follow tests/golden/hostd/remote
unit-tests += hostd_test rest_doc_test
hostd_test-src := tests/unit/hostd_test.c $(addprefix userworld/hostd/, problem.c \
	redirect_answer.c route.c session.c)
hostd_test-lib := $(core-lib)
hostd_test-ldlibs := $(core-test-ldlibs)
rest_doc_test-src := tests/unit/rest_doc_test.c
rest_doc_test-lib := $(core-lib)
rest_doc_test-ldlibs := $(core-test-ldlibs)
