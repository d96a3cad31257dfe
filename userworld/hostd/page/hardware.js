// SPDX-License-Identifier: Apache-2.0
// The machine, what it complains about, its disks, and how the host ended before.

import * as api from './api.js';
import { act, ask } from './dialog.js';
import { el, facts, section, showFacts, state } from './dom.js';
import { count, size, time } from './format.js';
import { Table } from './table.js';

async function lastLines(panic, target) {
  let answer;
  if (!await act(target, async () => { answer = await api.get(`/system/logs/${api.name(panic.log)}`, { lines: 500 }); })) return;
  await ask(panic.reason, el('pre', { tabindex: 0 }, answer.lines.join('\n')), [['Close', null, 'main']]);
}

export default function hardware() {
  const about = facts([]);
  const errors = new Table('Errors of the hardware', [
    { title: 'Last', value: (e) => time(e.time) },
    { title: 'Severity', value: (e) => state(e.severity, e.severity === 'corrected' ? 'warn' : 'bad') },
    { title: 'Source', value: (e) => e.source },
    { title: 'Where', value: (e) => e.where, wrap: true },
    { title: 'Times', value: (e) => e.count, num: true },
    { title: 'What', value: (e) => e.text, wrap: true },
  ], (e) => `${e.source} ${e.where} ${e.severity}`, 'The hardware has reported none since the start.');
  const disks = new Table('Disks', [
    { title: 'Device', value: (d) => d.device },
    { title: 'Size', value: (d) => size(d.size), num: true },
    { title: 'Model', value: (d) => d.model, wrap: true },
    { title: 'Serial number', value: (d) => d.serial },
    { title: 'Content', value: (d) => d.content, wrap: true },
    { title: 'Boot medium', value: (d) => (d.running ? 'yes' : 'no') },
  ], (d) => d.device, 'There are none.');
  const panics = new Table('Panics', [
    { title: 'Time', value: (p) => time(p.time) },
    { title: 'Kind', value: (p) => p.kind },
    { title: 'Reason', value: (p) => p.reason, wrap: true },
    { actions: () => [['Last lines', lastLines, { needs: 'GET /system/logs/{name}' }]] },
  ], (p) => p.log, 'It ended in order.');
  return {
    every: 15000,
    node: el('div', {}, about, section('Errors of the hardware', errors.node), section('Disks', disks.node),
      section('How the host ended before this start', panics.node)),
    async refresh() {
      const [machine, bad, list, ended] = await Promise.all(['/system/hardware', '/system/hardware/errors', '/system/boot/disks',
        '/system/panics'].map((path) => api.get(path)));
      showFacts(about, [['Vendor', machine.vendor], ['Model', machine.model],
        ['Processors', `${count(machine.cpu_count, 'processor')}: ${machine.cpu_model}`],
        ['Memory', size(machine.memory_bytes)], ['Memory to be had', size(machine.memory_available_bytes)]]);
      errors.show(bad);
      disks.show(list);
      panics.show(ended);
    },
  };
}
