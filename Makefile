# SPDX-License-Identifier: Apache-2.0
#
# One non-recursive makefile. Each folder describes what it holds in its own
# build.mk; this file turns those descriptions into rules. See docs/building.md.

# The order of the groups in "make help":
##@ Run
##@ Test
##@ Build
##@ Media
##@ Configuration
##@ Cleaning
##@ Variables

MAKEFLAGS += -rR --no-print-directory
# All processors; a make below this one shares them through the job server.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.DEFAULT_GOAL := all

O ?= out
# Rules and commands are full of $(O)/..., and "clean" removes what is in it: nothing but
# the name of a folder will do, and none that holds the sources.
hash := \#
ifneq ([$(O)],[$(firstword $(O))])
$(error O='$(O)' has spaces in it: give a folder without, as in O=/tmp/out)
endif
ifeq ($(O),)
$(error O is empty: leave it out, or give a folder for all output, as in O=/tmp/out)
endif
ifneq ($(strip $(foreach c,: % ' " ` \ * ? ; & | < > ~ ( ) [ ] { } ! $$ $(hash),$(findstring $(c),$(O)))),)
$(error O='$(O)' has a character in it that make or the shell reads in its own way)
endif
ifneq ($(filter $(abspath $(O)),/ $(CURDIR))$(filter $(abspath $(O))/%,$(CURDIR)),)
$(error O='$(O)' has the sources in it: give a folder that has nothing but output)
endif
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = @printf '  %-8s %s\n' '$(1)' '$(2)'

CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
AR := ar
PYTHON := /usr/bin/python3
export PYTHONDONTWRITEBYTECODE := 1
# depmod, mkfs.vfat and sfdisk: a user's own path has no sbin on Debian.
export PATH := $(PATH):/usr/sbin:/sbin

CPPFLAGS := -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -I. -Iuserworld/lib -I$(O)/gen
CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wvla -Werror -fstack-protector-strong -ffunction-sections
LDFLAGS := -Wl,--gc-sections -Wl,-z,relro,-z,now -Wl,--as-needed
FUZZCC := clang-14
FUZZFLAGS := -O2 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
# What guides the fuzzer. The part of a fuzzer that is not under test goes without: it is faster.
FUZZCOVER := -fsanitize=fuzzer-no-link
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

# What the folders fill in. A build.mk may use:
#   programs += NAME    NAME-src, NAME-lib (in-tree libraries), NAME-ldlibs,
#                       NAME-ldflags, NAME-to (path in the base image)
#   libraries += NAME   NAME-src; linked as $(O)/lib/libNAME.a
#   unit-tests += NAME  NAME-src, NAME-lib, NAME-ldlibs; built with ASan and
#                       UBSan, linked with cmocka, run by "make check-unit"
#   fuzzers += NAME_fuzz  NAME_fuzz-src, -lib, -ldlibs, -options (of libFuzzer); built with
#                       clang, run by "make check-fuzz"; seeds in tests/fuzz/corpus/NAME,
#                       words in tests/fuzz/NAME.dict
#   golden-tests += PATH  an executable that compares a program's output with text in
#                       tests/golden; gets O in its environment, run by "make check-golden"
#   image-files += SOURCE:PATH[:MODE]  a plain file and its place in the base image
# NAME-to may give several paths: the first is the file, the others are links to it.
programs :=
libraries :=
unit-tests :=
fuzzers :=
golden-tests :=
image-files :=

# Debian packages, installed when the list of them changed.
deps-sum := $(shell cksum < scripts/install-deps | cut -d' ' -f1)
build-deps := $(O)/deps/build-$(deps-sum)
media-deps := $(O)/deps/media-$(deps-sum)
check-deps := $(O)/deps/check-$(deps-sum) $(O)/deps/lint-$(deps-sum) $(media-deps)
browser-deps := $(O)/deps/browser-$(deps-sum)
ansible-deps := $(O)/deps/ansible-$(deps-sum)
snmp-deps := $(O)/deps/snmp-$(deps-sum)
kernel-deps := $(O)/deps/kernel-$(deps-sum)

$(O)/deps/%-$(deps-sum):
	@scripts/install-deps $*
	@mkdir -p $(@D) && touch $@

# The top folders in the order the product is built.
folders := configs tardisk vmkernel visorfs userworld dcui images examples tests/model tests/vm tests/powercut tests/debug
include $(wildcard $(addsuffix /build.mk,$(folders)))

objs = $(patsubst %.c,$(O)/obj/%.o,$(1))
san-objs = $(patsubst %.c,$(O)/san/%.o,$(1))
fuzz-objs = $(patsubst %.c,$(O)/fuzz/%.o,$(1))

define library-rules
$(O)/lib/lib$(1).a: $(call objs,$($(1)-src))
$(O)/lib/san/lib$(1).a: $(call san-objs,$($(1)-src))
$(O)/lib/fuzz/lib$(1).a: $(call fuzz-objs,$($(1)-src))
all-objs += $(foreach f,objs san-objs fuzz-objs,$(call $(f),$($(1)-src)))
endef
$(foreach l,$(libraries),$(eval $(call library-rules,$(l))))

define program-rules
$(O)/bin/$(1): $(call objs,$($(1)-src)) $(patsubst %,$(O)/lib/lib%.a,$($(1)-lib))
$(O)/bin/$(1): private LDLIBS = $($(1)-ldlibs)
$(O)/bin/$(1): private EXTRA = $($(1)-ldflags)
all-objs += $(call objs,$($(1)-src))
endef
$(foreach p,$(programs),$(eval $(call program-rules,$(p))))

define unit-test-rules
$(O)/unit/$(1): $(call san-objs,$($(1)-src)) $(patsubst %,$(O)/lib/san/lib%.a,$($(1)-lib))
$(O)/unit/$(1): private LDLIBS = $($(1)-ldlibs)
all-objs += $(call san-objs,$($(1)-src))
endef
$(foreach t,$(unit-tests),$(eval $(call unit-test-rules,$(t))))

define fuzzer-rules
$(O)/fuzz/$(1): $(call fuzz-objs,$($(1)-src)) $(patsubst %,$(O)/lib/fuzz/lib%.a,$($(1)-lib))
$(O)/fuzz/$(1): private LDLIBS = $($(1)-ldlibs)
all-objs += $(call fuzz-objs,$($(1)-src))
endef
$(foreach f,$(fuzzers),$(eval $(call fuzzer-rules,$(f))))

all-programs := $(addprefix $(O)/bin/,$(programs))
all-unit-tests := $(addprefix $(O)/unit/,$(unit-tests))
all-fuzzers := $(addprefix $(O)/fuzz/,$(fuzzers))

# What generated headers say is tracked by the .d files; they only have to be there first.
gen-headers := $(O)/gen/config.h $(O)/gen/version.h

$(O)/obj/%.o: %.c | $(gen-headers)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/san/%.o: %.c | $(gen-headers) $(check-deps)
	$(call say,CC SAN,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -U_FORTIFY_SOURCE $(CFLAGS) -O1 $(SANFLAGS) -MMD -MP -c -o $@ $<

$(O)/fuzz/%.o: %.c | $(gen-headers) $(check-deps)
	$(call say,CC FUZZ,$<)
	@mkdir -p $(@D)
	$(Q)$(FUZZCC) $(CPPFLAGS) -U_FORTIFY_SOURCE $(CFLAGS) $(FUZZFLAGS) $(FUZZCOVER) -MMD -MP -c -o $@ $<

$(O)/lib/%.a:
	$(call say,AR,$@)
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(AR) rcsD $@ $(filter %.o,$^)

$(all-programs):
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(EXTRA) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

$(all-unit-tests):
	$(call say,LD SAN,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) -lcmocka

$(all-fuzzers):
	$(call say,LD FUZZ,$@)
	@mkdir -p $(@D)
	$(Q)$(FUZZCC) $(CFLAGS) $(FUZZFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS)

-include $(sort $(all-objs:.o=.d))

# Last, because its targets depend on everything above.
include tests/build.mk

# Version from the file VERSION, build from git: the number of commits and the last one.
version := $(shell cat VERSION)
build := $(shell git rev-list --count HEAD 2>/dev/null || echo 0)-$(shell \
	git describe --always --dirty --exclude='*' 2>/dev/null || echo unknown)

$(O)/gen/version.h: FORCE
	@mkdir -p $(@D)
	@{ echo '#define VISOROS_VERSION "$(version)"'; \
	   echo '#define VISOROS_BUILD "$(build)"'; } > $@.tmp
	@if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi

##@ Build
#: all             everything "make run" boots (the default)
#: programs        all programs, $(O)/bin
#: install-deps    install the Debian packages to build, test and lint with
.PHONY: all programs install-deps FORCE
all: image
programs: $(all-programs)
install-deps:
	@scripts/install-deps build media check browser lint

##@ Cleaning
#: clean           remove what was built, keep the configuration
#: distclean       remove $(O)
.PHONY: clean distclean
clean:
	@if [ -d $(O) ]; then find $(O) -mindepth 1 -maxdepth 1 ! -name .config -exec rm -rf {} +; fi
distclean:
	@rm -rf $(O)

##@ Variables
#: O=DIR           put all output into DIR (default: out)
#: V=1             print the commands
.PHONY: help
help:
	@awk -f scripts/help.awk $(filter Makefile %build.mk,$(MAKEFILE_LIST))
