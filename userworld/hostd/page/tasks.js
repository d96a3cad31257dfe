// SPDX-License-Identifier: Apache-2.0
// What takes long: who asked for it, how far it is, and what came of it.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { el, meter, note, state } from './dom.js';
import { time } from './format.js';
import { Line } from './line.js';
import { Table } from './table.js';

const MOST = 64; // that the host keeps

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
    { actions: (t) => (t.state === 'running' && t.cancellable ? [['Cancel …', cancel, { 'aria-label': `Cancel ${t.op}`, needs: 'DELETE /system/tasks/{id}' }]] : []) },
  ], (t) => t.id, 'Nothing that takes long was asked for since the start of the host.');
  let list = new Map();
  const show = () => table.show([...list.values()].reverse());
  const line = new Line((task) => {
    list.set(task.id, task);
    while (list.size > MOST) list.delete(list.keys().next().value);
    show();
  }, 'revision');
  return {
    node: el('div', {}, note('The last 64 since the start of the host.'), table.node),
    leave: () => line.close(),
    // What the line tells needs no look; it begins with all there are.
    async refresh() {
      if (line.open) return;
      list = new Map((await api.get('/system/tasks')).map((task) => [task.id, task]));
      show();
      line.last = null;
      line.follow('/system/tasks/stream');
    },
  };
}
