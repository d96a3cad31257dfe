# SPDX-License-Identifier: Apache-2.0
# libtpm: a secret that only this machine's TPM can open again (docs/media.md, "Encryption").

libraries += tpm
tpm-src := $(addprefix userworld/tpm/, answer.c command.c link.c seal.c words.c)

unit-tests += tpm_test
tpm_test-src := tests/unit/tpm_test.c
tpm_test-lib := tpm visor
tpm_test-ldlibs := -lcrypto

fuzzers += tpm_fuzz
tpm_fuzz-src := tests/fuzz/tpm_fuzz.c
tpm_fuzz-lib := tpm visor
tpm_fuzz-ldlibs := -lcrypto
tpm_fuzz-options := -max_len=2048
