// SPDX-License-Identifier: Apache-2.0
// Lockdown mode: nobody but exception users comes in.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { button, el, facts, field, note, section, select, showFacts, state } from './dom.js';
import { who } from './session.js';
import { Table } from './table.js';

const MODES = { disabled: 'off', normal: 'normal: the network is shut', strict: 'strict: the console as well' };

const again = () => dispatchEvent(new Event('refresh'));

async function change(now, target) {
  const mode = select(Object.entries(MODES), now.mode, { name: 'mode' });
  const warning = el('p', { class: 'warn', role: 'status' });
  const tell = () => {
    warning.hidden = mode.value === 'disabled' || now.exceptions.includes(who());
    warning.textContent = `${who()} is no exception user: this page ends with it.`;
  };
  mode.addEventListener('change', tell);
  tell();
  if (!await confirm('Lockdown mode', [field('Mode', mode), warning, note('Exception users come in by network in every mode.')], 'Change')) return;
  await act(target, () => api.put('/system/lockdown', { mode: mode.value }), `Lockdown mode: ${MODES[mode.value]}`);
  again();
}

async function add(users, target) {
  const user = select(users.map((u) => u.user), who());
  if (!await confirm('Add an exception user', field('User', user), 'Add')) return;
  await act(target, () => api.post('/system/lockdown/exceptions', { user: user.value }), `${user.value} may come in in lockdown mode`);
  again();
}

async function drop({ user }, target) {
  if (!await confirm(`Is ${user} no exception user any more?`, el('p', {}, 'In lockdown mode the user is shut out.'), 'Remove', true)) return;
  await act(target, () => api.remove(`/system/lockdown/exceptions/${api.name(user)}`), `${user} is no exception user any more`);
  again();
}

export function lockdown() {
  let now = { mode: 'disabled', exceptions: [] }, users = [];
  const about = facts([]);
  const table = new Table('Exception users', [
    { title: 'Exception user', value: (u) => u.user },
    { actions: (u) => [['Remove …', drop, { 'aria-label': `Remove exception ${u.user}`, needs: 'DELETE /system/lockdown/exceptions/{user}' }]] },
  ], (u) => u.user, 'There are no exception users.');
  return { node: section('Lockdown mode', about, el('p', { class: 'row' },
    button('Change …', (event) => change(now, event.target), { needs: 'PUT /system/lockdown', 'aria-label': 'Change lockdown mode' })), table.node,
  el('p', {}, button('Add an exception user …', (event) => add(users, event.target), { needs: 'POST /system/lockdown/exceptions' }))),
  async refresh(known) {
    users = known;
    now = await api.get('/system/lockdown');
    showFacts(about, [['Lockdown mode', state(MODES[now.mode] || now.mode, now.mode === 'disabled' ? '' : 'warn')]]);
    table.show(now.exceptions.map((user) => ({ user })));
  } };
}
