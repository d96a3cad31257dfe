// SPDX-License-Identifier: Apache-2.0
// What is wrong now.

import * as api from './api.js';
import { act } from './dialog.js';
import { state } from './dom.js';
import { time } from './format.js';
import { currentAlarms, live, refreshAlarms } from './live.js';
import { Table } from './table.js';

export const severity = (word) => state(word, { error: 'bad', warning: 'warn' }[word] || 'good');

async function acknowledge(alarm, target) {
  await act(target, () => api.post('/system/alarms/acknowledge', { alarm: alarm.alarm }), `Alarm ${alarm.alarm} is acknowledged`);
  refreshAlarms().catch(() => {});
}

// show() gives how many there are.
export function alarmTable() {
  const table = new Table('Alarms', [
    { title: 'Severity', value: (a) => severity(a.severity) },
    { title: 'What', value: (a) => a.text, wrap: true },
    { title: 'Since', value: (a) => time(a.raised) },
    { title: 'Times', value: (a) => a.times, num: true },
    { title: 'Seen by', value: (a) => (a.acknowledged ? `${a.acknowledged_by}, ${time(a.acknowledged)}` : 'nobody yet') },
    { actions: (a) => (a.acknowledged ? [] : [['Acknowledge', acknowledge, { 'aria-label': `Acknowledge ${a.alarm}`, needs: 'POST /system/alarms/acknowledge' }]]) },
  ], (a) => a.alarm, 'Nothing is wrong.');
  const show = () => table.show(currentAlarms());
  live.addEventListener('alarms', show);
  return { node: table.node, show: () => show() && currentAlarms().length };
}
