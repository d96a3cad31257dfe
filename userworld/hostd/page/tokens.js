// SPDX-License-Identifier: Apache-2.0
// Tokens that programs log in with: the host shows one once, and keeps what it can be known by.

import * as api from './api.js';
import { act, ask, confirm, toast } from './dialog.js';
import { button, el, field, note, section, select, state } from './dom.js';
import { time } from './format.js';
import { Table } from './table.js';

const again = () => dispatchEvent(new Event('refresh'));

async function copy(input) {
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
    toast('The token is on the clipboard.');
  } catch {
    toast('This browser does not let a page copy: the token is marked, copy it by the keyboard.');
  }
}

function show(name, answer) {
  const text = el('input', { value: answer.token, readonly: true, class: 'wide', name: 'token', spellcheck: 'false', autocomplete: 'off' });
  return ask(`Token ${name}`, [el('p', {}, 'It is shown this once: the host cannot tell it again.'),
    el('div', { class: 'row' }, field('Token', text), button('Copy', () => copy(text))), note(`Good until ${time(answer.expires)}.`)],
  [['Close', null, 'main']]);
}

async function add(users, target) {
  const name = el('input', { required: true, maxlength: 64, autocomplete: 'off', spellcheck: 'false', pattern: '[A-Za-z0-9][A-Za-z0-9._+\\-]*', name: 'token-name' });
  const user = select(users.filter((u) => u.role !== 'none').map((u) => u.user), 'root', { name: 'token-user' });
  const role = select([['', 'that of the user'], ['admin', 'administrator'], ['operator', 'operator'], ['read-only', 'may look only']], '', { name: 'token-role' });
  const days = el('input', { type: 'number', min: 1, max: 3650, value: 90, required: true });
  if (!await confirm('Add a token', [field('Name', name, 'What it is for'), field('User', user), field('Role, at most', role), field('Days', days)], 'Add')) return;
  let answer;
  if (await act(target, async () => {
    answer = await api.post('/tokens', { name: name.value, user: user.value, days: Number(days.value), ...(role.value ? { role: role.value } : {}) });
  })) await show(name.value, answer);
  again();
}

async function drop(token, target) {
  if (!await confirm(`Remove token ${token.name}?`, el('p', {}, 'Programs that have it cannot log in any more.'), 'Remove', true)) return;
  await act(target, () => api.remove(`/tokens/${api.name(token.name)}`), `Token ${token.name} is removed`);
  again();
}

export function tokens() {
  let users = [];
  const table = new Table('Tokens', [
    { title: 'Name', value: (t) => t.name },
    { title: 'User', value: (t) => t.user },
    { title: 'Role', value: (t) => t.role },
    { title: 'Made', value: (t) => time(t.created) },
    { title: 'Good until', value: (t) => (t.expired ? state(`expired ${time(t.expires)}`, 'bad') : time(t.expires)) },
    { actions: (t) => [['Remove …', drop, { 'aria-label': `Remove token ${t.name}`, needs: 'DELETE /tokens/{name}' }]] },
  ], (t) => t.name);
  return { node: section('Tokens', note('For programs, in place of a password: a token stands for a user.'), table.node,
    el('p', {}, button('Add a token …', (event) => add(users, event.target), { needs: 'POST /tokens' }))), async refresh(known) {
    users = known;
    table.show(await api.get('/tokens'));
  } };
}
