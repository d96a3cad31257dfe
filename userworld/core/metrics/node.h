/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What any Linux host has, under the names of Prometheus' node exporter, so that dashboards made
 * for that work. Pure: text of /proc in, samples out. What a kernel does not have is left out.
 */
#ifndef VISOR_CORE_METRICS_NODE_H
#define VISOR_CORE_METRICS_NODE_H

#include <stdio.h>

void node_meminfo(FILE *out, const char *text);
void node_loadavg(FILE *out, const char *text);
void node_net_dev(FILE *out, const char *text);
void node_diskstats(FILE *out, const char *text);

/* /proc/stat; ticks: of a second (sysconf(_SC_CLK_TCK)). */
void node_stat(FILE *out, const char *text, long ticks);

/* /proc/pressure/NAME: cpu, io or memory. */
void node_pressure(FILE *out, const char *name, const char *text);

#endif
