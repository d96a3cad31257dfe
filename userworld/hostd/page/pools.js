// SPDX-License-Identifier: Apache-2.0
// Resource pools: what each uses, what it may have, and how often that was too little.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { el, field, note } from './dom.js';
import { percent, size } from './format.js';
import * as samples from './samples.js';
import { Table } from './table.js';

const MIB = 1 << 20;

// Limits of a pool as fields; empty is no limit, and only what was changed is sent.
const LIMITS = [
  ['memory_min', 'Memory reserved, MiB', MIB], ['memory_high', 'Memory before it is slowed down, MiB', MIB],
  ['memory_max', 'Memory at most, MiB', MIB], ['cpu_weight', 'Weight of processors (1 to 10000)', 1],
  ['cpu_max', 'Percent of one processor at most', 1], ['pids_max', 'Processes at most', 1],
];

async function change(pool, target) {
  const inputs = LIMITS.map(([key, label, unit]) => {
    const value = pool[key] === null || pool[key] < 0 ? '' : pool[key] / unit;
    const input = el('input', { type: 'number', min: 0, step: 'any', value });
    return { key, unit, input, before: String(value), node: field(label, input) };
  });
  if (!await confirm(`Limits of ${pool.group}`, [note('Empty: no limit. They hold at once and for later starts.'), inputs.map((i) => i.node)],
    'Change')) return;
  const body = Object.fromEntries(inputs.filter((i) => i.input.value !== i.before)
    .map(({ key, unit, input }) => [key, input.value === '' ? -1 : Math.round(input.value * unit)]));
  if (!Object.keys(body).length) return;
  await act(target, () => api.patch('/sched/group', { group: pool.group, ...body }), `Pool ${pool.group} has other limits`);
  dispatchEvent(new Event('refresh'));
}

const bites = (g) => [[g.slowed, 'slowed'], [g.refused_memory, 'memory refused'], [g.ended, 'ended'], [g.refused_forks, 'forks refused'],
  [g.throttled, 'cut short']].filter(([n]) => n).map(([n, word]) => `${word} ${n}×`).join(', ');

export default function pools() {
  const table = new Table('Pools', [
    { title: 'Pool', value: (g) => g.group, wrap: true },
    { title: 'Processors', value: (g) => percent(g.share ?? null), num: true },
    { title: 'Memory', value: (g) => size(g.memory_used), num: true },
    { title: 'Reserved', value: (g) => (g.memory_min ? size(g.memory_min) : ''), num: true },
    { title: 'At most', value: (g) => (g.memory_max >= 0 ? size(g.memory_max) : ''), num: true },
    { title: 'Weight', value: (g) => g.cpu_weight, num: true },
    { title: 'Processes', value: (g) => (g.pids_max >= 0 ? `${g.pids} of ${g.pids_max}` : g.pids), num: true },
    { title: 'Limits have bitten', value: bites, wrap: true },
    { actions: (g) => [['Limits …', change, { 'aria-label': `Limits of ${g.group}`, needs: 'PATCH /sched/group' }]] },
  ], (g) => g.group);
  return {
    node: el('div', {}, note('Each pool shares what the pool above it has. Processors: of all that the host has.'), table.node),
    async refresh() {
      table.show(samples.now.groups);
    },
  };
}
