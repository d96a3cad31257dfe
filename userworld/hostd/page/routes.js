// SPDX-License-Identifier: Apache-2.0
// Name servers, domains that names are looked for in, and routes.

import * as api from './api.js';
import { button, el, field } from './dom.js';
import { Table } from './table.js';
import { attempt } from './trial.js';

const text = (attributes) => el('input', { autocomplete: 'off', spellcheck: 'false', required: true, ...attributes });

// A list of single words, each of which comes and goes on trial.
function words(title, column, key, path, label, placeholder) {
  const table = new Table(title, [
    { title: column, value: (w) => w, wrap: true },
    { actions: (w) => [['Remove …', (word, target) => attempt(`Remove ${word}?`, [], (seconds) => api.remove(path, { [key]: word, confirm: seconds }),
      target, 'Remove', true), { 'aria-label': `Remove ${w}`, needs: `DELETE ${path}` }]] },
  ], (w) => w);
  const add = button(label, (event) => {
    const input = text({ placeholder });
    return attempt(label.replace(' …', ''), field(column, input), (seconds) => api.post(path, { [key]: input.value.trim(), confirm: seconds }), event.target);
  }, { needs: `POST ${path}` });
  return { node: [table.node, el('p', {}, add)], show: (list) => table.show(list) };
}

export const servers = () => words('Name servers', 'Name server', 'server', '/network/dns/servers', 'Add a name server …', '192.0.2.53');
export const search = () => words('Search domains', 'Domain', 'domain', '/network/dns/search', 'Add a domain …', 'example.org');

const drop = (route, target) => attempt(`Remove the route to ${route.network}?`, el('p', {}, `By ${route.gateway}`),
  (seconds) => api.remove('/network/routes', { network: route.network, gateway: route.gateway, confirm: seconds }), target, 'Remove', true);

function add(target) {
  const network = text({ placeholder: '10.0.0.0/8' }), gateway = text({ placeholder: '192.0.2.1' });
  return attempt('Add a route', [field('Network', network, 'Of IPv4 or IPv6'), field('Gateway', gateway)],
    (seconds) => api.post('/network/routes', { network: network.value.trim(), gateway: gateway.value.trim(), confirm: seconds }), target);
}

export function routes() {
  const table = new Table('Routes', [
    { title: 'Network', value: (r) => r.network, wrap: true },
    { title: 'Gateway', value: (r) => r.gateway || 'none: on the wire', wrap: true },
    { title: 'Interface', value: (r) => r.interface },
    { title: 'From', value: (r) => r.source },
    // The default route is the gateway of an address.
    { actions: (r) => (r.source === 'static' && !r.network.endsWith('/0')
      ? [['Remove …', drop, { 'aria-label': `Remove the route to ${r.network}`, needs: 'DELETE /network/routes' }]] : []) },
  ], (r) => `${r.network} ${r.gateway} ${r.interface}`);
  return { node: [table.node, el('p', {}, button('Add a route …', (event) => add(event.target), { needs: 'POST /network/routes' }))],
    show: (list) => table.show(list) };
}
