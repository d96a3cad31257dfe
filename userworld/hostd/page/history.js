// SPDX-License-Identifier: Apache-2.0
// State: files of the configuration that differ from what was shipped, and what they were before.

import * as api from './api.js';
import { act, ask, confirm } from './dialog.js';
import { button, el, facts, note, section, showFacts, state } from './dom.js';
import { duration, size, time } from './format.js';
import { Table } from './table.js';

const again = () => dispatchEvent(new Event('refresh'));

export function diffText(lines) {
  return el('pre', { tabindex: 0 }, lines.map((line) => el('span',
    { class: /^\+(?!\+\+)/.test(line) ? 'plus' : /^-(?!--)/.test(line) ? 'minus' : undefined }, line, '\n')));
}

async function showDiff(params, path, target) {
  let answer;
  if (!await act(target, async () => { answer = await api.get('/system/state/diff', { ...params, file: path }); })) return;
  await ask(path, answer.lines.length ? diffText(answer.lines) : el('p', {}, 'The text is the same.'), [['Close', null, 'main']]);
}

async function changes(generation, target) {
  let list;
  const params = { generation: generation.generation };
  if (!await act(target, async () => { list = await api.get('/system/state/diff', params); })) return;
  const table = new Table('Changes', [
    { title: 'File', value: (c) => c.path, wrap: true },
    { title: 'Since then', value: (c) => c.change },
    { actions: () => [['Diff', (c, button_) => showDiff(params, c.path, button_)]] },
  ], (c) => c.path, 'Nothing has changed since then.');
  await ask(`Changes since generation ${generation.generation}`, table.show(list).node, [['Close', null, 'main']]);
}

async function revert(generation, target) {
  let list;
  if (!await act(target, async () => { list = await api.get('/system/state/diff', { generation: generation.generation }); })) return;
  const content = [el('p', {}, 'All state files become as they were then. It is saved as a new generation, so that it can be reverted as well.'),
    el('ul', { class: 'paths' }, list.map((c) => el('li', {}, `${c.path}: ${c.change} since then`)))];
  if (!await confirm(`Go back to generation ${generation.generation}?`, content, 'Go back', true)) return;
  await act(target, () => api.post('/system/state/revert', { generation: generation.generation }),
    (a) => `State is as in generation ${generation.generation}.${a.restart?.length ? ` Restart ${a.restart.join(', ')}.` : ''}`);
  again();
}

async function shipped(file, target) {
  let answer;
  if (!await act(target, async () => { answer = await api.get('/system/file/diff', { path: file.path }); })) return;
  await ask(file.path, answer.lines.length ? diffText(answer.lines) : el('p', {}, 'It is as it was shipped.'), [['Close', null, 'main']]);
}

export default function history() {
  const about = facts([]);
  const files = new Table('State files', [
    { title: 'File', value: (f) => f.path, wrap: true },
    { title: 'Is', value: (f) => (f.deleted ? 'deleted' : 'changed') },
    { title: 'Saved', value: (f) => (f.saved === null ? 'unknown' : f.saved ? 'yes' : 'not yet') },
    { actions: (f) => (f.deleted ? [] : [['Beside shipped', shipped, { 'aria-label': `${f.path} beside the shipped one`, needs: 'GET /system/file/diff' }]]) },
  ], (f) => f.path, 'All is as it was shipped.');
  const generations = new Table('History', [
    { title: 'Generation', value: (g) => g.generation, num: true },
    { title: 'Time (UTC)', value: (g) => time(g.time) },
    { title: 'By', value: (g) => g.who },
    { title: 'Why', value: (g) => g.why, wrap: true },
    { title: 'Build', value: (g) => g.build },
    { title: 'Size', value: (g) => size(g.size), num: true },
    { title: 'Now', value: (g) => (g.current ? state('current', 'good') : '') },
    { actions: (g) => [['Changes since', changes, { 'aria-label': `Changes since generation ${g.generation}`, needs: 'GET /system/state/diff' }],
      ['Go back …', revert, { 'aria-label': `Go back to generation ${g.generation}`, needs: 'POST /system/state/revert' }]] },
  ], (g) => g.generation, 'There are no generations.');
  const save = button('Save now', (event) => act(event.target, () => api.post('/system/state/save'),
    (a) => `Saved as generation ${a.generation} on ${a.device}.`).then(again));
  const attempt = button('Try changes for 5 minutes', (event) => act(event.target, () => api.post('/system/state/try'),
    (a) => `What is changed now is taken back in ${duration(a.seconds)} if it is not confirmed.`).then(again));
  const keep = button('Confirm what is tried', (event) => act(event.target, () => api.post('/system/state/confirm'),
    'The changes stay.').then(again), { class: 'main' });
  const past = section('History', generations.node);
  return {
    every: 10000,
    node: el('div', {}, note('Changes of the configuration are saved by themselves, if the host has where to.'), about,
      el('p', { class: 'row' }, keep, save, attempt), section('Differs from what was shipped', files.node), past),
    async refresh() {
      const [now, list] = await Promise.all([api.get('/system/state/status'), api.get('/system/state')]);
      const stored = now.mode === 'ready' || now.mode === 'failed';
      showFacts(about, [['State', now.mode], ['Why', now.why], ['Device', now.device], ['Encryption', now.encryption],
        ['Generation', now.generation ? String(now.generation) : ''], ['Saved', now.saved_at && `${time(now.saved_at)} by ${now.saved_by}`],
        ['Not saved', now.unsaved ? 'there are changes' : 'nothing'],
        ['On trial', now.trial ? `for ${duration(now.trial_seconds)} more, by ${now.trial_who}` : '']]);
      files.show(list);
      keep.hidden = !now.trial || !api.may('POST /system/state/confirm');
      attempt.hidden = Boolean(now.trial) || !api.may('POST /system/state/try');
      past.hidden = !stored;
      save.hidden = !stored || !api.may('POST /system/state/save');
      if (stored) generations.show(await api.get('/system/state/history'));
    },
  };
}
