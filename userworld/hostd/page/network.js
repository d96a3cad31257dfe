// SPDX-License-Identifier: Apache-2.0
// Name, addresses and time of the host.

import * as api from './api.js';
import { act, ask, confirm } from './dialog.js';
import { $, button, checkbox, el, facts, field, note, section, select, showFacts, state } from './dom.js';
import { Form } from './form.js';
import { Table } from './table.js';

function nameForm() {
  const hostname = el('input', { name: 'hostname', required: true, maxlength: 64, autocomplete: 'off', spellcheck: 'false' });
  return new Form({ hostname }, [field('Name of the host', hostname)], async (values) => {
    await api.put('/system/hostname', values);
    $('host').textContent = values.hostname;
  }, 'The host has another name, at once and for later starts.');
}

function ntpForm() {
  const servers = el('input', { name: 'servers', autocomplete: 'off', spellcheck: 'false' });
  const enabled = checkbox('Follow time servers', { name: 'enabled' });
  return new Form({ enabled: enabled.firstChild, servers },
    [enabled, field('Servers', servers, 'Names or addresses with commas between; empty: those that DHCP names')],
    (values) => api.patch('/system/ntp', values), 'The time servers are others, at once and for later starts.');
}

// What may cut this page off is tried first: nobody who confirms it means that it did.
async function address(face, target) {
  const type = select([['dhcp', 'from DHCP'], ['static', 'fixed'], ['none', 'none']], 'dhcp');
  const place = el('input', { placeholder: '192.0.2.10/24', autocomplete: 'off' });
  const gateway = el('input', { placeholder: '192.0.2.1', autocomplete: 'off' });
  const seconds = el('input', { type: 'number', min: 10, max: 86400, value: 120, required: true });
  const fixed = el('div', { hidden: true }, field('Address', place), field('Gateway', gateway, 'Empty: as it was'));
  type.addEventListener('change', () => { fixed.hidden = type.value !== 'static'; place.required = !fixed.hidden; });
  if (!await confirm(`IPv4 of ${face.name}`, [field('Address', type), fixed, field('Take it back after, seconds', seconds),
    note('The page may lose the host by it. If "Keep it" is not pressed in that time, all is as before.')], 'Try')) return;
  const body = { type: type.value, confirm: Number(seconds.value) };
  if (type.value === 'static') body.address = place.value.trim();
  if (type.value === 'static' && gateway.value) body.gateway = gateway.value.trim();
  if (!await act(target, () => api.patch(`/network/interfaces/${api.name(face.name)}/ipv4`, body))) return;
  if (await ask('Does it work?', el('p', {}, `If not, wait: it is taken back after ${seconds.value} seconds.`),
    [['Wait', false], ['Keep it', true, 'main']])) await act(target, () => api.post('/system/state/confirm'), 'The address stays.');
  dispatchEvent(new Event('refresh'));
}

async function test(target) {
  let list;
  if (!await act(target, async () => { list = await api.post('/network/test'); })) return;
  const table = new Table('Test of the network', [
    { title: 'Test', value: (t) => t.test }, { title: 'Of', value: (t) => t.target, wrap: true },
    { title: 'Result', value: (t) => state(t.ok ? 'good' : 'failed', t.ok ? 'good' : 'bad') },
    { title: 'Detail', value: (t) => t.detail, wrap: true },
  ], (t) => JSON.stringify(t));
  await ask('Test of the network', table.show(list).node, [['Close', null, 'main']]);
}

function interfaces() {
  return new Table('Interfaces', [
    { title: 'Name', value: (i) => i.name }, { title: 'Adapter', value: (i) => i.adapter }, { title: 'Device', value: (i) => i.device },
    { title: 'VLAN', value: (i) => i.vlan || '', num: true }, { title: 'MTU', value: (i) => i.mtu || '', num: true },
    { title: 'Link', value: (i) => state(i.link, i.link === 'up' ? 'good' : 'bad') },
    { actions: (i) => [['IPv4 …', address, { 'aria-label': `IPv4 of ${i.name}` }]] },
  ], (i) => i.name);
}

export default function network() {
  const faces = api.can('GET', '/network/interfaces') ? interfaces() : null;
  const name = nameForm(), ntp = ntpForm(), dns = facts([]), clock = facts([]);
  const ipv4 = new Table('IPv4', [
    { title: 'Name', value: (n) => n.name },
    { title: 'Link', value: (n) => state(n.link, n.link === 'up' ? 'good' : 'bad') },
    { title: 'Address', value: (n) => n.address },
    { title: 'Netmask', value: (n) => n.netmask },
    { title: 'Gateway', value: (n) => n.gateway },
    { title: 'From', value: (n) => n.type },
    { title: 'MAC', value: (n) => n.mac },
  ], (n) => `${n.name} ${n.address}`, 'There are no interfaces.');
  const ipv6 = new Table('IPv6', [
    { title: 'Name', value: (n) => n.name },
    { title: 'Address', value: (n) => `${n.address}/${n.prefix}`, wrap: true },
    { title: 'From', value: (n) => n.type },
    { title: 'State', value: (n) => n.state },
    { title: 'Gateway', value: (n) => n.gateway },
  ], (n) => `${n.name} ${n.address}`, 'There are no addresses.');
  return {
    node: el('div', {}, section('Name', name.node), faces ? section('Interfaces', faces.node) : null,
      api.can('POST', '/network/test') ? el('p', {}, button('Test the network', (event) => test(event.target))) : null, section('IPv4', ipv4.node), section('IPv6', ipv6.node), section('DNS', dns),
      section('Time', clock, ntp.node)),
    async refresh() {
      const [host, four, six, names, time] = await Promise.all(['/system/hostname', '/network/ipv4', '/network/ipv6', '/network/dns',
        '/system/ntp'].map((path) => api.get(path)));
      if (faces) faces.show(await api.get('/network/interfaces'));
      name.show(host);
      ipv4.show(four);
      ipv6.show(six);
      showFacts(dns, [['Servers', names.servers.join(', ') || 'none'], ['Search', names.search.join(', ') || 'none']]);
      showFacts(clock, [['Clock', time.synchronized ? 'follows a server' : 'follows no server'], ['Service ntp', time.state],
        ['Servers of DHCP', time.dhcp_servers.join(', ') || 'none']]);
      ntp.show({ enabled: time.enabled, servers: time.servers.join(',') });
    },
  };
}
