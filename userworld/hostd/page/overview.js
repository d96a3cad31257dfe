// SPDX-License-Identifier: Apache-2.0
// What the host is, how it is, and what it does at the moment.

import * as api from './api.js';
import { alarmTable } from './alarms.js';
import { Chart } from './chart.js';
import { el, facts, section, showFacts } from './dom.js';
import { count, duration, percent, size } from './format.js';
import { powerButtons } from './power.js';
import * as samples from './samples.js';

// Charts of things that come and go, by name.
class Charts {
  constructor() {
    this.charts = new Map();
    this.node = el('div', { class: 'charts' });
  }

  show(list) {
    for (const [name, chart] of this.charts)
      if (!list.some((row) => row.name === name)) {
        chart.node.remove();
        this.charts.delete(name);
      }
    for (const { name, series, max, value, detail } of list) {
      if (!this.charts.has(name)) {
        this.charts.set(name, new Chart(name));
        this.node.append(this.charts.get(name).node);
      }
      this.charts.get(name).show(samples.of(series), max, value, detail);
    }
  }
}

function hostRows({ hardware, stats, groups }) {
  const host = groups.find((g) => g.group === 'host');
  const used = hardware.memory_bytes - hardware.memory_available_bytes;
  return [
    { name: 'Processors', series: 'cpu host', max: 1, value: host && host.share !== null ? percent(host.share) : '…',
      detail: `${count(hardware.cpu_count, 'processor')}, load ${stats.load1.toFixed(2)}` },
    { name: 'Memory', series: 'memory', max: hardware.memory_bytes, value: size(used),
      detail: `of ${size(hardware.memory_bytes)}` },
  ];
}

const ramdiskRows = ({ ramdisks }) => ramdisks.map((d) => ({ name: d.name, series: `ramdisk ${d.name}`, max: d.max,
  value: size(d.used), detail: `of ${size(d.max)}${d.full_events ? `, refused ${d.full_events} times` : ''}` }));

// Pools right below the host; the area Pools has all.
const poolRows = ({ groups }) => groups.filter((g) => /^host\/[^/]+$/.test(g.group)).map((g) => ({
  name: g.group.slice(5), series: `cpu ${g.group}`, max: 1, value: g.share === null ? '…' : percent(g.share),
  detail: `${size(g.memory_used)}, ${count(g.pids ?? 0, 'process', 'processes')}` }));

export default function overview() {
  const about = facts([]), host = new Charts(), ramdisks = new Charts(), pools = new Charts();
  const alarms = alarmTable();
  const alarmSection = section('Alarms', alarms.node);
  const node = el('div', {}, powerButtons(), alarmSection, section('Now', host.node),
    section('Ramdisks', ramdisks.node), section('Processors by pool', pools.node), section('Host', about));
  return {
    node,
    async refresh() {
      const [version, uptime, maintenance, boot] = await Promise.all(['/system/version', '/system/uptime',
        '/system/maintenance', '/system/boot'].map((path) => api.get(path)));
      const { hardware } = samples.now;
      alarmSection.hidden = !alarms.show();
      host.show(hostRows(samples.now));
      ramdisks.show(ramdiskRows(samples.now));
      pools.show(poolRows(samples.now));
      showFacts(about, [
        ['Version', `${version.product} ${version.version}, build ${version.build}`],
        ['Kernel', version.kernel],
        ['Up for', duration(uptime.seconds)],
        ['Machine', `${hardware.vendor} ${hardware.model}`.trim()],
        ['Boot medium', { present: `${boot.disk}, bank ${boot.bank}`, lost: 'lost', copied: 'two disks with the same banks' }[boot.medium]
          || 'none: started from the network or a CD'],
        ['Maintenance', maintenance.enabled ? 'on' : 'off'],
      ]);
    },
  };
}
