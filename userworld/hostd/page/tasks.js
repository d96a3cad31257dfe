// SPDX-License-Identifier: Apache-2.0
// What takes long: who asked for it, how far it is, and what came of it.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { el, meter, note, state } from './dom.js';
import { time } from './format.js';
import { Table } from './table.js';

const LEVELS = { done: 'good', running: 'warn', failed: 'bad', interrupted: 'bad' };

async function cancel(task, target) {
  if (!await confirm(`Cancel ${task.op}?`, el('p', {}, 'It ends, and nothing of it is left half done.'), 'Cancel it', true)) return;
  await act(target, () => api.remove(`/system/tasks/${api.name(task.id)}`), `${task.op} is cancelled`);
  dispatchEvent(new Event('refresh'));
}

const words = (what) => (what && typeof what === 'object' ? Object.entries(what).map(([k, v]) => `${k} ${v}`).join(', ') : what || '');

export default function tasks() {
  const table = new Table('Tasks', [
    { title: 'Began', value: (t) => time(t.started) },
    { title: 'What', value: (t) => `${t.op} ${words(t.what)}`, wrap: true },
    { title: 'By', value: (t) => (t.from ? `${t.user}, ${t.from}` : t.user) },
    { title: 'State', value: (t) => state(t.state, LEVELS[t.state] || '') },
    { title: 'Done', value: (t) => (t.state === 'running' && t.percent !== null ? meter(t.percent, 100, 'done') : '') },
    { title: 'Ended', value: (t) => time(t.ended) },
    { title: 'Why', value: (t) => t.error?.text || '', wrap: true },
    { actions: (t) => (t.state === 'running' && t.cancellable ? [['Cancel …', cancel, { 'aria-label': `Cancel ${t.op}` }]] : []) },
  ], (t) => t.id, 'Nothing that takes long was asked for since the start of the host.');
  return {
    every: 3000,
    node: el('div', {}, note('The last 64 since the start of the host.'), table.node),
    async refresh() {
      table.show((await api.get('/system/tasks')).reverse());
    },
  };
}
