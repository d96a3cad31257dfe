// SPDX-License-Identifier: Apache-2.0
// Numbers for the charts, taken while the page is open, whatever view is shown.

import * as api from './api.js';
import { Series } from './chart.js';

const series = new Map();
let before = null, groupsBefore = new Map();

export const now = { hardware: null, stats: null, ramdisks: [], groups: [] };

export function of(name) {
  if (!series.has(name)) series.set(name, new Series());
  return series.get(name);
}

// Share of all processors since the last look; null at the first one, and after a restart of the host.
function share(group, seconds) {
  const last = groupsBefore.get(group.group);
  if (last === undefined || !(seconds > 0) || group.cpu_used_us === null || group.cpu_used_us < last) return null;
  return Math.min(1, (group.cpu_used_us - last) / 1e6 / seconds / (now.hardware.cpu_count || 1));
}

export async function take() {
  const [hardware, stats, ramdisks, groups] = await Promise.all([api.get('/system/hardware'),
    api.get('/system/processes/stats'), api.get('/system/ramdisks'), api.get('/sched/groups')]);
  const seconds = before === null ? 0 : (stats.uptime_us - before) / 1e6;
  Object.assign(now, { hardware, stats, ramdisks, groups });
  for (const group of groups) {
    group.share = share(group, seconds);
    if (group.share !== null) of(`cpu ${group.group}`).add(group.share);
  }
  of('memory').add(hardware.memory_bytes - hardware.memory_available_bytes);
  for (const disk of ramdisks) of(`ramdisk ${disk.name}`).add(disk.used);
  before = stats.uptime_us;
  groupsBefore = new Map(groups.map((g) => [g.group, g.cpu_used_us]));
}
