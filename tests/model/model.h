/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The namespace of visorfs beside a model of it: for each path what every
 * tardisk and the ramdisk say of it. Bytes choose the operations; after each,
 * everything that can be looked up or listed must be what the model says.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stddef.h>
#include <stdint.h>

/* Runs the operations; aborts on a difference. Returns how many there were. */
unsigned int model_run(const uint8_t *bytes, size_t len);

#endif
