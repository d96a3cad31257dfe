// SPDX-License-Identifier: Apache-2.0
// Where bundles come from by name, and the set of them that this host should have.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { button, checkbox, el, facts, field, section, showFacts } from './dom.js';
import { describe, summary } from './effect.js';
import { size, time } from './format.js';
import { Table } from './table.js';

const again = () => dispatchEvent(new Event('refresh'));

async function install(profile, target) {
  const wanted = `${profile.name} = ${profile.version}`, exact = checkbox('Also remove what it does not have');
  const update = { profile: wanted, depot: profile.depot };
  let plan;
  if (!await act(target, async () => { plan = await api.put('/profile', { ...update, dry_run: true, ok_to_remove: true }); })) return;
  if (!await confirm(`Install profile ${profile.name} ${profile.version}?`, [describe(plan), plan.removed?.length ? exact : null], 'Install')) return;
  await act(target, () => api.put('/profile', { ...update, ...(exact.firstChild.checked ? { ok_to_remove: true } : {}) }), summary);
  again();
}

async function drop(source, target) {
  if (!await confirm('Take no bundles from there any more?', el('p', {}, source.depot), 'Remove')) return;
  await act(target, () => api.remove('/sources', { depot: source.depot }), 'The depot is removed from the sources.');
  again();
}

function addForm() {
  const depot = el('input', { required: true, autocomplete: 'off', spellcheck: 'false', placeholder: 'https://… or a path on the host' });
  const submit = el('button', { type: 'submit' }, 'Add');
  return el('form', { class: 'row', onsubmit: async (event) => {
    event.preventDefault();
    if (await act(submit, () => api.post('/sources', { depot: depot.value.trim() }), 'The depot is one of the sources.')) depot.value = '';
    again();
  } }, field('Depot', depot), submit);
}

export default function profile() {
  const about = facts([]), differences = el('ul', { class: 'paths' });
  const sources = new Table('Depots', [
    { title: 'Depot', value: (s) => s.depot, wrap: true }, { actions: () => [['Remove …', drop, { needs: 'DELETE /sources' }]] },
  ], (s) => s.depot, 'None: bundles come by file or address only.');
  const profiles = new Table('Profiles', [
    { title: 'Name', value: (p) => p.name }, { title: 'Version', value: (p) => p.version }, { title: 'Vendor', value: (p) => p.vendor },
    { title: 'Summary', value: (p) => p.summary, wrap: true }, { title: 'Bundles', value: (p) => p.bundles.join(', '), wrap: true },
    { actions: () => [['Install …', install, { needs: 'PUT /profile' }]] },
  ], (p) => `${p.depot} ${p.name} ${p.version}`, 'The depots have none.');
  const offered = new Table('Bundles', [
    { title: 'Name', value: (b) => b.name }, { title: 'Version', value: (b) => b.version }, { title: 'Vendor', value: (b) => b.vendor },
    { title: 'Acceptance', value: (b) => b.acceptance }, { title: 'Size', value: (b) => size(b.size), num: true },
    { title: 'Summary', value: (b) => b.summary, wrap: true },
  ], (b) => `${b.depot} ${b.name} ${b.version}`, 'The depots have none.');
  const fetched = el('div', { hidden: true }, section('Profiles in the depots', profiles.node), section('Bundles in the depots', offered.node));
  const fetch = button('Ask the depots', (event) => act(event.target, async () => {
    const [p, b] = await Promise.all([api.getSlowly('/sources/profiles'), api.getSlowly('/sources/bundles')]);
    profiles.show(p);
    offered.show(b);
    fetched.hidden = false;
  }), { needs: 'GET /sources/profiles' });
  const validate = button('Compare with the host', (event) => act(event.target, async () => {
    const answer = await api.getSlowly('/profile/validation');
    differences.replaceChildren(...(answer.compliant ? ['The host is as its profile says.'] : answer.differences).map((d) => el('li', {}, d)));
  }), { needs: 'GET /profile/validation' });
  return {
    every: 30000,
    node: el('div', {}, section('Profile', about, el('p', {}, validate), differences),
      section('Depots', sources.node, api.may('POST /sources') && addForm(), el('p', {}, fetch)), fetched),
    async refresh() {
      const [now, list] = await Promise.all([api.get('/profile'), api.get('/sources')]);
      showFacts(about, [['Name', `${now.name} ${now.version}`], ['Vendor', now.vendor], ['Summary', now.summary],
        ['Installed', now.installed ? time(now.installed) : 'with the image'], ['Changed since', now.modified ? 'yes' : 'no'],
        ['Image', `${now.image}, build ${now.build}`], ['State hash', now.state_hash]]);
      sources.show(list);
    },
  };
}
