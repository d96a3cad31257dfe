# SPDX-License-Identifier: Apache-2.0
libraries += tardisk
tardisk-src := tardisk/tar.c tardisk/volume.c tardisk/seek.c
