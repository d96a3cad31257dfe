# SPDX-License-Identifier: Apache-2.0
#
# Files of visorfs in user space (docs/testing.md): the namespace beside a model of it, the
# reader of entries, and the requests. They are compiled as they are; kernel.h stands for the
# headers they include.

model-namespace := $(addprefix tests/model/,$(addprefix k_,attach.c buckets.c detach.c dir.c \
	entries.c names.c plan.c switch.c tardisk.c upper.c) kernel.c fail.c refuse.c stubs.c \
	model.c record.c compare.c fill.c tree_of.c)
model-request := $(addprefix tests/model/,k_request.c k_spec.c kernel.c fail.c user.c)

unit-tests += namespace_test request_test spec_test
namespace_test-src := tests/model/namespace_test.c $(model-namespace)
namespace_test-lib := tardisk visor
namespace_test-ldlibs := -lzstd -lcrypto
request_test-src := tests/model/request_test.c $(model-request)
spec_test-src := tests/model/spec_test.c $(model-request)

# Each byte or two is an operation: these are some fifty.
fuzzers += namespace_fuzz
namespace_fuzz-options := -max_len=128
namespace_fuzz-src := tests/model/namespace_fuzz.c $(model-namespace)
namespace_fuzz-lib := tardisk visor
namespace_fuzz-ldlibs := -lzstd -lcrypto

# Room for a request with some elements.
fuzzers += request_fuzz
request_fuzz-options := -max_len=1024
request_fuzz-src := tests/model/request_fuzz.c $(model-request)

# The seeds and words are those of tar_fuzz: links.
fuzzers += entries_fuzz
entries_fuzz-src := tests/model/entries_fuzz.c tests/model/k_entries.c \
	$(addprefix tests/model/,kernel.c fail.c refuse.c) tests/fuzz/headers.c
entries_fuzz-lib := tardisk

model-linux := $(addprefix $(O)/gen/model/linux/,bit_spinlock.h ctype.h file.h fs.h fs_parser.h \
	hash.h kconfig.h kobject.h kref.h list.h mm.h mutex.h overflow.h pagemap.h rwsem.h slab.h \
	spinlock.h string.h stringhash.h uaccess.h workqueue.h xarray.h) \
	$(O)/gen/model/trace/define_trace.h

$(model-linux):
	@mkdir -p $(@D) && echo '#include "tests/model/kernel.h"' > $@

model-objs := $(foreach c,$(wildcard tests/model/*.c),$(O)/san/$(c:.c=.o) $(O)/fuzz/$(c:.c=.o))
$(model-objs): private CPPFLAGS += -I$(O)/gen/model -Itardisk
$(model-objs): | $(model-linux)

# Of the namespace bytes choose operations; no comparison there has an operand of theirs.
$(O)/fuzz/tests/model/%.o: private FUZZCOVER :=
$(O)/fuzz/tests/model/k_%.o: private FUZZCOVER := -fsanitize-coverage=inline-8bit-counters,pc-table
$(patsubst %,$(O)/fuzz/tests/model/k_%.o,entries request spec): \
	private FUZZCOVER := -fsanitize=fuzzer-no-link
