# SPDX-License-Identifier: Apache-2.0
# hostd: the management agent.

programs += hostd
hostd-src := $(addprefix userworld/hostd/, api.c ask.c auth.c call.c cert.c collect.c condition.c \
	conn.c fallback.c follow.c front.c gate.c hardware_watch.c hostd.c listen.c login.c network.c \
	page.c page_body.c pages.c problem.c proof.c ramdisk_watch.c redirect.c redirect_answer.c refusal.c reply.c root.c \
	route.c sandbox.c serve.c serve_call.c serve_pipe.c serve_task.c session.c stream.c tag.c tasks.c \
	tls.c upload.c wire.c worker.c)
hostd-lib := $(core-lib)
hostd-ldlibs := $(core-ldlibs) -lseccomp
hostd-to := /usr/sbin/hostd

# page.c takes these in with .incbin, which the compiler's dependencies do not see.
$(O)/obj/userworld/hostd/page.o $(O)/san/userworld/hostd/page.o: \
	$(patsubst userworld/hostd/page/%,$(O)/gen/page/%.gz,$(wildcard userworld/hostd/page/*))
$(O)/gen/page/%.gz: userworld/hostd/page/%
	$(call say,GZIP,$<)
	@mkdir -p $(@D)
	$(Q)gzip -9nc $< > $@.tmp
	$(Q)mv $@.tmp $@

golden-tests += $(addprefix tests/golden/hostd/,run access follow hostile remote tasks)
unit-tests += hostd_test rest_doc_test
hostd_test-src := tests/unit/hostd_test.c $(addprefix userworld/hostd/, problem.c \
	redirect_answer.c refusal.c route.c session.c)
hostd_test-lib := $(core-lib)
hostd_test-ldlibs := $(core-test-ldlibs)
hostd-units := ask_test page_body_test tasks_test wire_test pages_test sandbox_test
unit-tests += $(hostd-units)
$(foreach t,$(hostd-units),$(eval $(t)-src := tests/unit/$(t).c)$(eval $(t)-lib := $(core-lib))\
	$(eval $(t)-ldlibs := $(core-test-ldlibs)))
ask_test-src += userworld/hostd/ask.c
page_body_test-src += userworld/hostd/page_body.c
tasks_test-src += userworld/hostd/tasks.c
wire_test-src += userworld/hostd/wire.c
pages_test-src += $(addprefix userworld/hostd/, ask.c pages.c tag.c condition.c call.c proof.c problem.c refusal.c reply.c conn.c)
sandbox_test-src += userworld/hostd/sandbox.c
sandbox_test-ldlibs += -lseccomp
fuzzers += wire_fuzz
wire_fuzz-src := tests/fuzz/wire_fuzz.c userworld/hostd/ask.c userworld/hostd/wire.c
wire_fuzz-lib := visor
wire_fuzz-ldlibs := -levent -ljansson
wire_fuzz-options := -max_len=2048
rest_doc_test-src := tests/unit/rest_doc_test.c
rest_doc_test-lib := $(core-lib)
rest_doc_test-ldlibs := $(core-test-ldlibs)
