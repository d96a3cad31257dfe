// SPDX-License-Identifier: Apache-2.0
// Services: userworlds that the supervisor runs.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { el, note, select, state } from './dom.js';
import { duration } from './format.js';
import * as samples from './samples.js';
import { Table } from './table.js';

const LEVELS = { running: 'good', done: 'good', failed: 'bad', backoff: 'bad', starting: 'warn', stopping: 'warn' };

const WORDS = { start: 'was started', stop: 'was stopped', restart: 'was restarted' };

// What an administrator loses by it.
function warning(service, verb) {
  if (service.name === 'hostd')
    return verb === 'stop' ? 'This page goes with hostd. Only the console or the shell can start it again.'
      : 'hostd serves this page. All sessions end: you have to log in again, and this page waits for it.';
  if (service.essential && verb === 'stop') return `The host needs ${service.name}: it may not work right until it is started again.`;
  return null;
}

async function run(service, verb, target) {
  const text = warning(service, verb);
  if (text && !await confirm(`${verb === 'stop' ? 'Stop' : 'Restart'} ${service.name}?`, el('p', {}, text),
    verb === 'stop' ? 'Stop' : 'Restart', true)) return;
  await act(target, () => api.post(`/system/services/${api.name(service.name)}/${verb}`), `Service ${service.name} ${WORDS[verb]}`);
  dispatchEvent(new Event('refresh'));
}

function actions(service) {
  const of = (verb, title) => [title, (s, target) => run(s, verb, target), { 'aria-label': `${title} ${service.name}`, needs: `POST /system/services/{name}/${verb}` }];
  return service.pid ? [of('restart', 'Restart'), of('stop', 'Stop')] : [of('start', 'Start')];
}

function policy(service) {
  return select([['on', 'with the host'], ['off', 'by hand']], service.policy, {
    'aria-label': `Start of ${service.name}`, needs: 'PUT /system/services/{name}/policy',
    onchange: async (event) => {
      const word = event.target.value;
      const done = await act(event.target, () => api.put(`/system/services/${api.name(service.name)}/policy`, { policy: word }),
        `Service ${service.name} ${word === 'on' ? 'starts with the host' : 'does not start with the host'} from the next start on`);
      if (!done) event.target.value = service.policy;
    },
  });
}

export default function services() {
  const table = new Table('Services', [
    { title: 'Name', value: (s) => s.name },
    { title: 'State', value: (s) => state(s.state, LEVELS[s.state] || '') },
    { title: 'Since', value: (s) => (s.pid && samples.now.stats ? duration(samples.now.stats.uptime_us / 1e6 - s.since) : '') },
    { title: 'Process', value: (s) => s.pid || '', num: true },
    { title: 'Restarts', value: (s) => s.restarts, num: true },
    { title: 'Pool', value: (s) => s.pool },
    { title: 'Starts', value: (s) => (s.essential ? 'always' : policy(s)) },
    { actions },
  ], (s) => s.name);
  return {
    node: el('div', {}, note('The supervisor restarts a service that ends by itself. One that was stopped here stays down until it is '
      + 'started, or until the next start of the host.'), table.node),
    async refresh() {
      table.show(await api.get('/system/services'));
    },
  };
}
