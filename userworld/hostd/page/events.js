// SPDX-License-Identifier: Apache-2.0
// What has happened: alarms that stand, and events as they come.

import * as api from './api.js';
import { alarmTable, severity } from './alarms.js';
import { act } from './dialog.js';
import { button, el, field, section, select } from './dom.js';
import { time } from './format.js';
import { live } from './live.js';
import { Table } from './table.js';

const PAGE = 100, MOST = 1000;

export default function events() {
  const alarms = alarmTable();
  const level = select([['', 'all'], ['warning', 'warnings and errors'], ['error', 'errors']], '');
  const area = el('input', { type: 'search', placeholder: 'ramdisk', autocomplete: 'off' });
  const more = button('Show older ones', (event) => act(event.target, older));
  const table = new Table('Events', [
    { title: 'Time (UTC)', value: (e) => time(e.time) },
    { title: 'Severity', value: (e) => severity(e.severity) },
    { title: 'What', value: (e) => e.text, wrap: true },
    { title: 'Id', value: (e) => e.id },
    { title: 'By', value: (e) => e.user || e.source },
  ], (e) => `${e.boot} ${e.number}`, 'No such events.');
  let list = null, boot = '';

  const filters = () => Object.fromEntries(Object.entries({ severity: level.value, id: area.value.trim() }).filter(([, v]) => v));

  function draw() {
    list.length = Math.min(list.length, MOST);
    table.show(list);
  }

  async function load() {
    list = await api.get('/system/events', { limit: PAGE, ...filters() });
    boot = list[0]?.boot || '';
    more.hidden = list.length < PAGE;
    draw();
  }

  async function older() {
    const rest = await api.get('/system/events', { limit: PAGE, before: list.at(-1).number, ...filters() });
    more.hidden = rest.length < PAGE || list.length + rest.length >= MOST;
    list.push(...rest);
    draw();
  }

  // What came while the stream was away, or before it was there. Numbers begin anew with the host.
  async function newer() {
    if (!list?.length) return load();
    const fresh = await api.get('/system/events', { since: list[0].number, limit: PAGE, ...filters() });
    if (fresh.length === PAGE || (fresh[0] && fresh[0].boot !== boot)) return load();
    for (const event of fresh) if (event.number > list[0].number) list.unshift(event);
    draw();
    return undefined;
  }

  const again = () => load().catch(() => {});
  live.addEventListener('event', () => { if (list && table.node.isConnected) newer().catch(() => {}); });
  level.addEventListener('change', again);
  area.addEventListener('change', again);
  return {
    every: 10000,
    node: el('div', {}, section('Alarms', alarms.node), section('Events',
      el('form', { class: 'row', onsubmit: (event) => { event.preventDefault(); again(); } },
        field('Severity', level), field('Id or area', area)), table.node, el('p', {}, more))),
    async refresh() {
      alarms.show();
      await newer();
    },
  };
}
