// SPDX-License-Identifier: Apache-2.0
// The file system in memory: ramdisks, who filled them, and tardisks.

import * as api from './api.js';
import { act, ask, confirm } from './dialog.js';
import { el, field, meter, section } from './dom.js';
import { size } from './format.js';
import * as samples from './samples.js';
import { Table } from './table.js';

const MIB = 1 << 20;

const number = (value, min) => el('input', { type: 'number', value, min, step: 1, required: true });

async function resize(disk, target) {
  const max = number(Math.round(disk.max / MIB), 1), min = number(Math.round(disk.min / MIB), 0);
  const inodes = number(disk.max_inodes, 16);
  if (!await confirm(`Size of ramdisk ${disk.name}`, [field('At most, MiB', max), field('Reserved, MiB', min),
    field('Files, at most', inodes)], 'Change')) return;
  await act(target, () => api.patch(`/system/ramdisks/${api.name(disk.name)}`,
    { max: max.value * MIB, min: min.value * MIB, inodes: Number(inodes.value) }),
  `Ramdisk ${disk.name} has ${max.value} MiB until the next start`);
  dispatchEvent(new Event('refresh'));
}

async function owners(disk, target) {
  let list;
  if (!await act(target, async () => { list = await api.get('/system/ramdisks/owners', { name: disk.name }); })) return;
  const table = new Table(`Who filled ${disk.name}`, [
    { title: 'Pool', value: (o) => o.pool, wrap: true },
    { title: 'Size', value: (o) => size(o.bytes), num: true },
    { title: 'Files', value: (o) => o.inodes, num: true },
  ], (o) => o.pool, 'It is empty.');
  await ask(`Who filled ${disk.name}`, table.show(list).node, [['Close', null, 'main']]);
}

export default function memory() {
  const ramdisks = new Table('Ramdisks', [
    { title: 'Name', value: (d) => d.name },
    { title: 'Path', value: (d) => d.path, wrap: true },
    { title: 'Full', value: (d) => meter(d.used, d.max) },
    { title: 'Used', value: (d) => size(d.used), num: true },
    { title: 'At most', value: (d) => size(d.max), num: true },
    { title: 'Peak', value: (d) => size(d.peak), num: true },
    { title: 'Files', value: (d) => `${d.used_inodes} of ${d.max_inodes}`, num: true },
    { title: 'Refused', value: (d) => d.full_events, num: true },
    { actions: (d) => [['Owners', owners, { 'aria-label': `Who filled ${d.name}` }],
      ['Size …', resize, { 'aria-label': `Size of ${d.name}`, needs: 'PATCH /system/ramdisks/{name}' }]] },
  ], (d) => d.name);
  const tardisks = new Table('Tardisks', [
    { title: 'Name', value: (t) => t.name },
    { title: 'Order', value: (t) => t.order, num: true },
    { title: 'Kept', value: (t) => t.residency },
    { title: 'Size', value: (t) => size(t.size), num: true },
    { title: 'Packed', value: (t) => size(t.packed), num: true },
    { title: 'In memory', value: (t) => size(t.memory), num: true },
    { title: 'Files', value: (t) => t.files, num: true },
    { title: 'Changed since', value: (t) => t.branches, num: true },
  ], (t) => t.name);
  return {
    node: el('div', {}, section('Ramdisks', ramdisks.node), section('Tardisks', tardisks.node)),
    async refresh() {
      ramdisks.show(samples.now.ramdisks);
      tardisks.show(await api.get('/system/tardisks'));
    },
  };
}
