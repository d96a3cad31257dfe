# SPDX-License-Identifier: Apache-2.0
# provision: what a host without state is told at its start. Its main is a part of visorcli.

libraries += provision
provision-src := $(addprefix userworld/provision/, apply.c seed.c seed_network.c seed_user.c yaml.c)

image-files += userworld/provision/find:/usr/lib/visoros/find-seed:0755

unit-tests += provision_test
provision_test-src := tests/unit/provision_test.c
provision_test-lib := provision $(core-lib)
provision_test-ldlibs := -lyaml $(core-test-ldlibs)

# What is under test is built for the fuzzer; the rest is not.
fuzzers += seed_fuzz
seed_fuzz-src := tests/fuzz/seed_fuzz.c $(addprefix userworld/provision/, seed.c seed_network.c seed_user.c yaml.c)
seed_fuzz-lib := install syslog visor
seed_fuzz-ldlibs := -lyaml -ljansson
