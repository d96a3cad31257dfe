// SPDX-License-Identifier: Apache-2.0
// Certificates that programs log in with: they keep the key, the host what the certificate is known by.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { button, el, field, note, section, select, state } from './dom.js';
import { time } from './format.js';
import { Table } from './table.js';

const again = () => dispatchEvent(new Event('refresh'));

async function add(users, target) {
  const name = el('input', { required: true, maxlength: 64, autocomplete: 'off', spellcheck: 'false', name: 'client-name' });
  const user = select(users.filter((u) => u.role !== 'none').map((u) => u.user), 'root', { name: 'client-user' });
  const role = select([['', 'that of the user'], ['admin', 'administrator'], ['operator', 'operator'], ['read-only', 'may look only']], '', { name: 'client-role' });
  const file = el('input', { type: 'file', required: true, accept: '.pem,.crt,.cer', name: 'client-pem' });
  if (!await confirm('Register a certificate', [field('Name', name, 'What it is for'), field('User', user), field('Role, at most', role),
    field('File', file, 'The certificate as PEM. Its key stays where it is.')], 'Register')) return;
  await act(target, async () => {
    const pem = await file.files[0].text();
    // A key that is sent is no longer its owner's alone.
    if (pem.includes('PRIVATE KEY')) throw new Error(`${file.files[0].name}: there is a private key in it, which nobody but its owner should have. Nothing was sent.`);
    await api.post('/system/certificate/clients', { name: name.value, user: user.value, pem, ...(role.value ? { role: role.value } : {}) });
  }, 'Connections that begin some seconds from now may log in with it.');
  again();
}

async function drop(client, target) {
  if (!await confirm(`Remove the certificate ${client.name}?`, el('p', {}, 'Programs that have it cannot log in any more.'), 'Remove', true)) return;
  await act(target, () => api.remove(`/system/certificate/clients/${api.name(client.name)}`), `The certificate ${client.name} is removed`);
  again();
}

export function clients() {
  let users = [];
  const table = new Table('Certificates of programs', [
    { title: 'Name', value: (c) => c.name },
    { title: 'User', value: (c) => c.user },
    { title: 'Role', value: (c) => c.role },
    { title: 'Of', value: (c) => c.subject, wrap: true },
    { title: 'Good until', value: (c) => (c.expired ? state(`expired ${time(c.expires)}`, 'bad') : time(c.expires)) },
    { title: 'Last used', value: (c) => (c.last_use ? time(c.last_use) : 'not since the start') },
    { actions: (c) => [['Remove …', drop, { 'aria-label': `Remove certificate ${c.name}`, needs: 'DELETE /system/certificate/clients/{name}' }]] },
  ], (c) => c.name);
  return { node: section('Certificates of programs', note('A program that has the key of one of these needs neither password nor token.'), table.node,
    el('p', {}, button('Register a certificate …', (event) => add(users, event.target), { needs: 'POST /system/certificate/clients' }))),
  async refresh(known) {
    users = known;
    table.show(await api.get('/system/certificate/clients'));
  } };
}
