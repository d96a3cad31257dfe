// SPDX-License-Identifier: Apache-2.0
// The firewall: which services can be reached, and by whom.

import * as api from './api.js';
import { button, checkbox, el, facts, field, note, section, select, showFacts, state } from './dom.js';
import { Table } from './table.js';
import { attempt, trialNote } from './trial.js';

const words = (text) => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

const turn = (on, target) => attempt(on ? 'Switch the firewall on?' : 'Switch the firewall off?', el('p', on ? {} : { class: 'warn' }, on
  ? 'Only what the rulesets below let in comes in. Is this page among that?'
  : 'Everything that listens on this host can then be reached by everybody who reaches the host.'),
(seconds) => api.patch('/network/firewall', { enabled: on, confirm: seconds }), target, on ? 'Switch on' : 'Switch off', !on);

function fallback(now, target) {
  const action = select([['drop', 'drop it'], ['pass', 'let it in']], now.default_action);
  return attempt('What no ruleset is about', [field('What becomes of it', action),
    note('Let in, the firewall keeps out nothing but what rulesets are closed to.')],
  (seconds) => api.patch('/network/firewall', { default_action: action.value, confirm: seconds }), target);
}

function change(set, target) {
  const enabled = checkbox('Its ports are open', { checked: set.enabled, name: 'enabled' });
  const who = select([['all', 'to everybody'], ['list', 'only to these addresses']], set.allowed_all ? 'all' : 'list', { name: 'who' });
  const list = el('textarea', { rows: 4, cols: 40, spellcheck: 'false', name: 'allowed' }, set.allowed.join('\n'));
  const addresses = field('Addresses and networks', list, 'One on each line: 192.0.2.9, 192.0.2.0/24, 2001:db8::/32. Yours should be among them.');
  const choose = () => { addresses.hidden = who.value === 'all'; };
  who.addEventListener('change', choose);
  choose();
  return attempt(`Ruleset ${set.name}`, [note(set.help), enabled, field('Open', who), addresses],
    (seconds) => api.patch(`/network/firewall/rulesets/${api.name(set.name)}`, { enabled: enabled.firstChild.checked, confirm: seconds,
      ...(who.value === 'all' ? { allowed_all: true } : { allowed: words(list.value).join(' ') }) }), target);
}

const port = (rule) => `${rule.protocol} ${rule.first}${rule.last !== rule.first ? `-${rule.last}` : ''}`;

export default function firewall() {
  let now = {}, rules = [];
  const trial = trialNote(), about = facts([]);
  const on = button('Switch on …', (event) => turn(true, event.target));
  const off = button('Switch off …', (event) => turn(false, event.target));
  const table = new Table('Rulesets', [
    { title: 'Name', value: (r) => r.name },
    { title: 'For', value: (r) => r.help, wrap: true },
    { title: 'Ports', value: (r) => rules.filter((rule) => rule.ruleset === r.name).map(port).join(', '), wrap: true },
    { title: 'Is', value: (r) => state(r.enabled ? 'open' : 'closed', r.enabled ? 'good' : 'warn') },
    { title: 'To', value: (r) => (r.allowed_all ? 'everybody' : r.allowed.join(', ') || 'nobody'), wrap: true },
    { actions: (r) => [['Change …', change, { 'aria-label': `Change ${r.name}`, needs: 'PATCH /network/firewall/rulesets/{name}' }]] },
  ], (r) => r.name);
  return {
    every: 10000,
    node: el('div', {}, trial.node, about, el('p', { class: 'row', needs: 'PATCH /network/firewall' }, on, off,
      button('What no ruleset is about …', (event) => fallback(now, event.target))),
    section('Rulesets', note('The doors of services, for what comes from the network. Who is not let in gets no answer.'), table.node)),
    async refresh() {
      const [wall, sets, list] = await Promise.all(['/network/firewall', '/network/firewall/rulesets', '/network/firewall/rules']
        .map((path) => api.get(path)));
      await trial.refresh();
      now = wall;
      rules = list;
      on.hidden = wall.enabled;
      off.hidden = !wall.enabled;
      showFacts(about, [['Firewall', state(wall.enabled ? 'on' : 'off', wall.enabled ? 'good' : 'warn')],
        ['Rules', wall.loaded ? 'in force' : 'not loaded'],
        ['What no ruleset is about', wall.default_action === 'drop' ? 'is dropped' : 'is let in']]);
      table.show(sets);
    },
  };
}
