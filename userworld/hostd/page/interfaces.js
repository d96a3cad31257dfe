// SPDX-License-Identifier: Apache-2.0
// Interfaces of the host: the adapter and VLAN that one is on, and where its addresses come from.

import * as api from './api.js';
import { button, checkbox, el, field, select, state } from './dom.js';
import { Table } from './table.js';
import { attempt } from './trial.js';

const place = (name) => `/network/interfaces/${api.name(name)}`;

const text = (attributes) => el('input', { autocomplete: 'off', spellcheck: 'false', ...attributes });

// Where an address comes from; a fixed one has fields of its own. body() is what the host is asked for.
function source(choices, type, example, router, now) {
  const which = select(choices, type);
  const address = text({ placeholder: example, value: now.address || '' }), gateway = text({ placeholder: router, value: now.gateway || '' });
  const fixed = el('div', {}, field('Address', address), field('Gateway', gateway, 'Empty: none'));
  const choose = () => { fixed.hidden = which.value !== 'static'; address.required = !fixed.hidden; };
  which.addEventListener('change', choose);
  choose();
  return { node: [field('Address', which), fixed], body: () => ({ type: which.value, ...(which.value === 'static'
    ? { address: address.value.trim(), gateway: gateway.value.trim() } : {}) }) };
}

const bits = (mask) => mask.split('.').reduce((n, part) => n + Number(part).toString(2).replaceAll('0', '').length, 0);

function ipv4(face, now, target) {
  const old = now.four.find((n) => n.name === face.device && n.type === 'static');
  const form = source([['dhcp', 'from DHCP'], ['static', 'fixed'], ['none', 'none']], old ? 'static' : 'dhcp', '192.0.2.10/24', '192.0.2.1',
    old ? { address: `${old.address}/${bits(old.netmask)}`, gateway: old.gateway } : {});
  return attempt(`IPv4 of ${face.name}`, form.node, (seconds) => api.patch(`${place(face.name)}/ipv4`, { ...form.body(), confirm: seconds }), target);
}

function ipv6(face, now, target) {
  const old = now.set6.find((n) => n.name === face.name) || { type: 'none' };
  const choices = [['auto', 'as routers say (SLAAC, DHCPv6)'], ['slaac', 'from routers only (SLAAC)'], ['dhcp', 'from DHCPv6 only'],
    ['static', 'fixed'], ['none', 'off']];
  const form = source(choices, old.type, '2001:db8::10/64', 'fe80::1', old);
  return attempt(`IPv6 of ${face.name}`, form.node, (seconds) => api.patch(`${place(face.name)}/ipv6`, { ...form.body(), confirm: seconds }), target);
}

// Adapter, VLAN and MTU: the same fields for an interface that is there and for a new one.
function placeForm(nics, face) {
  const adapter = select(nics.map((n) => [n.name, `${n.name} (${n.mac}, ${n.link})`]), face.adapter);
  const vlan = el('input', { type: 'number', min: 0, max: 4094, value: face.vlan ?? 0, required: true });
  const mtu = el('input', { type: 'number', min: 0, max: 9216 });
  const enabled = checkbox('Is used', { checked: face.enabled ?? true });
  return { node: [field('Adapter', adapter), field('VLAN', vlan, '0: none'),
    field('MTU', mtu, `Empty: ${face.mtu ? `${face.mtu}, as it is; 0: ` : ''}as the adapter has it`), enabled],
  body: () => ({ adapter: adapter.value, vlan: Number(vlan.value), ...(mtu.value === '' ? {} : { mtu: Number(mtu.value) }),
    enabled: enabled.firstChild.checked }) };
}

function move(face, now, target) {
  const form = placeForm(now.nics, face), before = form.body();
  return attempt(`Adapter and VLAN of ${face.name}`, form.node, (seconds) => {
    const changed = Object.entries(form.body()).filter(([key, value]) => value !== before[key]);
    if (!changed.length) throw new Error('Nothing was changed.');
    return api.patch(place(face.name), { ...Object.fromEntries(changed), confirm: seconds });
  }, target);
}

function add(now, target) {
  const free = Array.from({ length: 16 }, (_, i) => `vmk${i}`).find((n) => !now.faces.some((f) => f.name === n));
  const name = text({ value: free, required: true, pattern: 'vmk[0-9]+', maxlength: 8 });
  const form = placeForm(now.nics, {});
  return attempt('Add an interface', [field('Name', name), form.node],
    (seconds) => api.post('/network/interfaces', { name: name.value, ...form.body(), confirm: seconds }), target);
}

const drop = (face, target) => attempt(`Remove ${face.name}?`, el('p', {}, 'Its addresses go with it.'),
  (seconds) => api.remove(place(face.name), { confirm: seconds }), target, 'Remove', true);

export function interfaces() {
  let now = { four: [], set6: [], nics: [], faces: [] };
  const of = (title, run, face, needs) => [title, (f, target) => run(f, now, target), { 'aria-label': `${title.split(' ')[0]} of ${face.name}`, needs }];
  const table = new Table('Interfaces', [
    { title: 'Name', value: (i) => i.name },
    { title: 'Adapter', value: (i) => i.adapter },
    { title: 'Device', value: (i) => i.device },
    { title: 'VLAN', value: (i) => i.vlan || '', num: true },
    { title: 'MTU', value: (i) => i.mtu || '', num: true },
    { title: 'IPv6', value: (i) => now.set6.find((n) => n.name === i.name)?.type || '' },
    { title: 'Link', value: (i) => (i.enabled ? state(i.link, i.link === 'up' ? 'good' : 'bad') : state('off', '')) },
    { actions: (i) => [of('IPv4 …', ipv4, i, 'PATCH /network/interfaces/{name}/ipv4'), of('IPv6 …', ipv6, i, 'PATCH /network/interfaces/{name}/ipv6'),
      of('Adapter …', move, i, 'PATCH /network/interfaces/{name}'),
      ...(i.name === 'vmk0' ? [] : [['Remove …', drop, { 'aria-label': `Remove ${i.name}`, needs: 'DELETE /network/interfaces/{name}' }]])] },
  ], (i) => i.name);
  return {
    node: [table.node, el('p', {}, button('Add an interface …', (event) => add(now, event.target), { needs: 'POST /network/interfaces' }))],
    async refresh(four) {
      const [faces, nics, set6] = await Promise.all(['/network/interfaces', '/network/nics', '/network/ipv6/settings'].map((path) => api.get(path)));
      now = { four, set6, nics, faces };
      table.show(faces);
    },
  };
}
