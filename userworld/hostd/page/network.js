// SPDX-License-Identifier: Apache-2.0
// Name, addresses, routes and time of the host.

import * as api from './api.js';
import { act, ask } from './dialog.js';
import { $, button, checkbox, el, facts, field, section, showFacts, state } from './dom.js';
import { Form } from './form.js';
import { interfaces } from './interfaces.js';
import { routes, search, servers } from './routes.js';
import { Table } from './table.js';
import { trialNote } from './trial.js';

function nameForm() {
  const hostname = el('input', { name: 'hostname', required: true, maxlength: 64, autocomplete: 'off', spellcheck: 'false' });
  return new Form({ hostname }, [field('Name of the host', hostname)], async (values) => {
    await api.put('/system/hostname', values);
    $('host').textContent = values.hostname;
  }, 'The host has another name, at once and for later starts.', 'PUT /system/hostname');
}

function ntpForm() {
  const names = el('input', { name: 'servers', autocomplete: 'off', spellcheck: 'false' });
  const enabled = checkbox('Follow time servers', { name: 'enabled' });
  return new Form({ enabled: enabled.firstChild, servers: names },
    [enabled, field('Servers', names, 'Names or addresses with commas between; empty: those that DHCP names')],
    (values) => api.patch('/system/ntp', values), 'The time servers are others, at once and for later starts.', 'PATCH /system/ntp');
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

function addresses() {
  const ipv4 = new Table('IPv4', [
    { title: 'Device', value: (n) => n.name },
    { title: 'Link', value: (n) => state(n.link, n.link === 'up' ? 'good' : 'bad') },
    { title: 'Address', value: (n) => n.address },
    { title: 'Netmask', value: (n) => n.netmask },
    { title: 'Gateway', value: (n) => n.gateway },
    { title: 'From', value: (n) => n.type },
    { title: 'State', value: (n) => (n.state === 'none' ? '' : state(n.state, n.state === 'up' ? 'good' : 'warn')) },
    { title: 'MAC', value: (n) => n.mac },
  ], (n) => `${n.name} ${n.address}`, 'There are no interfaces.');
  const ipv6 = new Table('IPv6', [
    { title: 'Device', value: (n) => n.name },
    { title: 'Address', value: (n) => (n.address ? `${n.address}/${n.prefix}` : ''), wrap: true },
    { title: 'From', value: (n) => n.type },
    { title: 'State', value: (n) => state(n.state, n.state === 'preferred' ? 'good' : 'warn') },
    { title: 'Gateway', value: (n) => n.gateway },
  ], (n) => `${n.name} ${n.address}`, 'There are no addresses.');
  return { ipv4, ipv6 };
}

export default function network() {
  const trial = trialNote(), faces = interfaces(), { ipv4, ipv6 } = addresses();
  const ways = routes(), dns = servers(), domains = search();
  const name = nameForm(), ntp = ntpForm(), clock = facts([]);
  return {
    node: el('div', {}, trial.node, section('Name', name.node), section('Interfaces', faces.node),
      el('p', {}, button('Test the network', (event) => test(event.target), { needs: 'POST /network/test' })),
      section('IPv4', ipv4.node), section('IPv6', ipv6.node), section('Routes', ways.node), section('Name servers', dns.node),
      section('Search domains', domains.node), section('Time', clock, ntp.node)),
    async refresh() {
      const [host, four, six, names, list, time] = await Promise.all(['/system/hostname', '/network/ipv4', '/network/ipv6', '/network/dns',
        '/network/routes', '/system/ntp'].map((path) => api.get(path)));
      await Promise.all([faces.refresh(four), trial.refresh()]);
      name.show(host);
      ipv4.show(four);
      ipv6.show(six);
      ways.show(list);
      dns.show(names.servers);
      domains.show(names.search);
      showFacts(clock, [['Clock', time.synchronized ? 'follows a server' : 'follows no server'], ['Service ntp', time.state],
        ['Servers of DHCP', time.dhcp_servers.join(', ') || 'none']]);
      ntp.show({ enabled: time.enabled, servers: time.servers.join(',') });
    },
  };
}
