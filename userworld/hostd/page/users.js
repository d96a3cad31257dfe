// SPDX-License-Identifier: Apache-2.0
// Who may log in, and what they have done.

import * as api from './api.js';
import { audit } from './audit.js';
import { certificate } from './certificate.js';
import { clients } from './clients.js';
import { act, complain, confirm } from './dialog.js';
import { el, field, note, section, select, setText } from './dom.js';
import { lockdown } from './lockdown.js';
import { Table } from './table.js';
import { tokens } from './tokens.js';
import { who } from './session.js';

// Of who looks at the page. A password that is not sent twice the same is nobody's; the old one is asked for if there is one.
function passwordForm() {
  const old = el('input', { type: 'password', required: true, autocomplete: 'current-password', name: 'current' });
  const first = el('input', { type: 'password', required: true, minlength: 8, autocomplete: 'new-password', name: 'new' });
  const second = el('input', { type: 'password', required: true, autocomplete: 'new-password', name: 'again' });
  const submit = el('button', { type: 'submit', class: 'main' }, 'Set password');
  // Keepers of passwords want to know whose it is.
  const name = el('input', { type: 'text', autocomplete: 'username', hidden: true, value: who() });
  const before = field('Password of now', old);
  const send = () => (old.required ? api.put('/account/password', { current: old.value, password: first.value })
    : api.put(`/accounts/${api.name(who())}/password`, { password: first.value }));
  const node = el('form', { class: 'row', onsubmit: async (event) => {
    event.preventDefault();
    if (first.value !== second.value) {
      complain('The two passwords are not the same.');
      second.select();
      return;
    }
    if (!await act(submit, send, `The password of ${who()} is another one. All other sessions of ${who()} end.`)) return;
    old.value = first.value = second.value = '';
    again();
  } }, name, before, field('New password', first, 'At least 8 characters'), field('The same again', second), submit);
  return { node, show(set) {
    before.hidden = !set;
    old.required = set;
  } };
}

const ROLES = [['admin', 'administrator'], ['operator', 'operator'], ['read-only', 'may look only'], ['none', 'cannot log in']];

const again = () => dispatchEvent(new Event('refresh'));

function role(account) {
  if (account.user === 'root') return 'administrator';
  return select(ROLES, account.role, { 'aria-label': `Role of ${account.user}`, onchange: async (event) => {
    const word = event.target.value, path = `/permissions/${api.name(account.user)}`;
    const done = await act(event.target, () => (word === 'none' ? api.remove(path) : api.put(path, { role: word })),
      `User ${account.user} has another role`);
    if (!done) event.target.value = account.role;
  } });
}

async function drop(account, target) {
  if (!await confirm(`Remove user ${account.user}?`, el('p', {}, 'Sessions, tokens and certificates of the user end.'), 'Remove', true)) return;
  await act(target, () => api.remove(`/accounts/${api.name(account.user)}`), `User ${account.user} is removed`);
  again();
}

async function change(account, target) {
  const password = el('input', { type: 'password', required: true, minlength: 8, autocomplete: 'new-password' });
  if (!await confirm(`Password of ${account.user}`, field('New password', password), 'Set password')) return;
  await act(target, () => api.put(`/accounts/${api.name(account.user)}/password`, { password: password.value }),
    `The password of ${account.user} is another one. The user's sessions end.`);
}

function addForm() {
  const user = el('input', { required: true, maxlength: 32, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
  const description = el('input', { autocomplete: 'off' });
  const password = el('input', { type: 'password', required: true, minlength: 8, autocomplete: 'new-password' });
  const which = select(ROLES.slice(0, 3), 'read-only');
  const submit = el('button', { type: 'submit', class: 'main' }, 'Add');
  return el('form', { class: 'row', onsubmit: async (event) => {
    event.preventDefault();
    if (await act(submit, async () => {
      await api.post('/accounts', { user: user.value, password: password.value, ...(description.value ? { description: description.value } : {}) });
      await api.put(`/permissions/${api.name(user.value)}`, { role: which.value });
    }, `User ${user.value} can log in`)) user.value = password.value = description.value = '';
    again();
  } }, field('User', user), field('Description', description), field('Password', password), field('Role', which), submit);
}

function list() {
  const table = new Table('Users', [
    { title: 'User', value: (a) => a.user },
    { title: 'Description', value: (a) => a.description, wrap: true },
    { title: 'Role', value: role },
    { actions: (a) => (a.user === 'root' ? [] : [['Password …', change, { 'aria-label': `Password of ${a.user}`, needs: 'PUT /accounts/{user}/password' }],
      ['Remove …', drop, { 'aria-label': `Remove ${a.user}`, needs: 'DELETE /accounts/{user}' }]]) },
  ], (a) => a.user);
  return { node: [section('Users', table.node), section('Add a user', addForm())], async refresh() {
    const users = await api.get('/accounts');
    table.show(users);
    return users;
  } };
}

// Everybody's own; whether root has one at all is told to administrators.
function own() {
  const status = el('p', {}), form = passwordForm();
  return { node: section('Your password', status, form.node), async refresh() {
    const { is_set: set } = api.may('GET /accounts/{user}/password') ? await api.get(`/accounts/${api.name(who())}/password`) : { is_set: true };
    setText(status, set ? `User ${who()} has a password.`
      : `User ${who()} has no password: from the network nobody can log in, except in development images.`);
    form.show(set);
  } };
}

export default function users() {
  const accounts = api.may('GET /accounts') ? list() : null;
  const password = api.may('PUT /account/password') ? own() : null;
  const programs = api.may('GET /tokens') ? tokens() : null;
  const papers = api.may('GET /system/certificate/clients') ? clients() : null;
  const log = api.may('GET /system/audit') ? audit() : null;
  const door = lockdown(), paper = certificate();
  return {
    every: 15000,
    node: el('div', {}, accounts?.node, password?.node, programs?.node, papers?.node, door.node, paper.node, log?.node),
    async refresh() {
      const known = await accounts?.refresh() ?? [];
      await Promise.all([password?.refresh(), programs?.refresh(known), papers?.refresh(known), door.refresh(known), paper.refresh(), log?.refresh()]);
    },
  };
}
