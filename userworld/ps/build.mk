# SPDX-License-Identifier: Apache-2.0

programs += ps
ps-src := userworld/ps/ps.c
ps-lib := visor
ps-to := /usr/bin/ps
