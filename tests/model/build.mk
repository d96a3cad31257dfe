# SPDX-License-Identifier: Apache-2.0
#
# The namespace of visorfs in user space, beside a model of it (docs/testing.md). The
# module's files are compiled as they are; kernel.h stands for the headers they include.

model-src := $(wildcard tests/model/k_*.c) tests/model/kernel.c tests/model/stubs.c \
	$(addprefix tests/model/,model.c record.c compare.c fill.c tree_of.c)
model-linux := $(addprefix $(O)/gen/model/linux/,bit_spinlock.h file.h fs.h fs_parser.h hash.h \
	kconfig.h kobject.h kref.h list.h mm.h mutex.h pagemap.h rwsem.h slab.h spinlock.h \
	stringhash.h workqueue.h xarray.h) \
	$(O)/gen/model/trace/define_trace.h

unit-tests += namespace_test
namespace_test-src := tests/model/namespace_test.c $(model-src)
namespace_test-lib := tardisk visor
namespace_test-ldlibs := -lzstd -lcrypto

# Each byte or two is an operation: these are some fifty.
fuzzers += namespace_fuzz
namespace_fuzz-options := -max_len=128
namespace_fuzz-src := tests/model/namespace_fuzz.c $(model-src)
namespace_fuzz-lib := tardisk visor
namespace_fuzz-ldlibs := -lzstd -lcrypto

$(model-linux):
	@mkdir -p $(@D) && echo '#include "tests/model/kernel.h"' > $@

$(patsubst %.c,$(O)/san/%.o,$(model-src)) $(patsubst %.c,$(O)/fuzz/%.o,$(model-src)): \
	private CPPFLAGS += -I$(O)/gen/model -Itardisk
$(patsubst %.c,$(O)/san/%.o,$(model-src)) $(patsubst %.c,$(O)/fuzz/%.o,$(model-src)): | $(model-linux)
# Its bytes choose operations; no comparison in the namespace has an operand of theirs.
$(O)/fuzz/tests/model/%.o: private FUZZCOVER :=
$(O)/fuzz/tests/model/k_%.o: private FUZZCOVER := -fsanitize-coverage=inline-8bit-counters,pc-table
