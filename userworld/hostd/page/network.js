// SPDX-License-Identifier: Apache-2.0
// Name, addresses and time of the host.

import * as api from './api.js';
import { $, checkbox, el, facts, field, section, showFacts, state } from './dom.js';
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

export default function network() {
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
    node: el('div', {}, section('Name', name.node), section('IPv4', ipv4.node), section('IPv6', ipv6.node), section('DNS', dns),
      section('Time', clock, ntp.node)),
    async refresh() {
      const [host, four, six, names, time] = await Promise.all(['/system/hostname', '/network/ipv4', '/network/ipv6', '/network/dns',
        '/system/ntp'].map((path) => api.get(path)));
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
