// SPDX-License-Identifier: Apache-2.0
// The boot medium: its banks, what is started next, an update, and whether it is as it was written.

import * as api from './api.js';
import { act, ask, confirm } from './dialog.js';
import { button, checkbox, el, facts, field, note, section, select, showFacts, state } from './dom.js';
import { size, time } from './format.js';
import { Table } from './table.js';

const again = () => dispatchEvent(new Event('refresh'));
const LEVELS = { valid: 'good', good: 'good', repaired: 'warn', upgrading: 'warn', dirty: 'warn', invalid: 'bad', damaged: 'bad', missing: 'bad' };
const level = (word) => state(word, LEVELS[word] || '');

const results = (caption, list) => new Table(caption, [
  { title: 'What', value: (r) => r.part || `bank ${r.bank}` },
  { title: 'Name', value: (r) => r.name || r.file || 'all of it', wrap: true },
  { title: 'Result', value: (r) => level(r.result) },
  { title: 'Detail', value: (r) => r.detail || '', wrap: true },
], (r) => JSON.stringify(r)).show(list).node;

async function look(title, work, target) {
  let list;
  if (await act(target, async () => { list = await work(); })) await ask(title, results(title, list), [['Close', null, 'main']]);
  again();
}

async function choose(bank, target) {
  if (!await confirm(`Start bank ${bank.bank} next?`, el('p', {}, `The next start takes build ${bank.build}. Until then nothing changes.`),
    'Start it next', true)) return;
  await act(target, () => api.put('/system/boot/banks', { bank: bank.bank }), (a) => `The next start takes bank ${a.bank}, build ${a.build}.`);
  again();
}

function plan(answer) {
  return el('div', {}, el('p', {}, answer.message), facts([
    ['Image', `${answer.version}, build ${answer.build}`], ['Size', `${size(answer.size)} of ${size(answer.bank_size)}`],
    ['Bank', String(answer.bank)], ['Replaces', `${answer.replaces || 'nothing'} (${answer.replaces_state || 'empty'})`],
    ['Older than the one that runs', answer.older ? 'yes' : 'no'], ['Failed here before', answer.failed_before],
    ['Bundles that come along', answer.bundles?.join(', ')], ['Bundles that it is not enough for', answer.bundles_left?.join(', ')]]));
}

function updateForm() {
  const from = select([['url', 'an address'], ['path', 'a file on the host']], 'url');
  const place = el('input', { required: true, autocomplete: 'off', spellcheck: 'false' });
  const force = checkbox('Also an older image, or one that failed here');
  const submit = el('button', { type: 'submit', class: 'main' }, 'Check …');
  const send = (dry) => api.post('/system/boot/update', { [from.value]: place.value.trim(), ...(dry ? { dry_run: true } : {}),
    ...(force.firstChild.checked ? { force: true } : {}) });
  return el('form', { class: 'row', onsubmit: async (event) => {
    event.preventDefault();
    let answer;
    if (!await act(submit, async () => { answer = await send(true); })) return;
    if (!await confirm(`Write build ${answer.build} to bank ${answer.bank}?`, plan(answer), 'Update')) return;
    await act(submit, () => send(false), (done) => done.message);
    again();
  } }, field('Image from', from), field('Where it is', place), force, submit);
}

export default function storage() {
  const about = facts([]);
  const problem = el('p', { class: 'warn' });
  const banks = new Table('Banks', [
    { title: 'Bank', value: (b) => b.bank, num: true },
    { title: 'Build', value: (b) => b.build },
    { title: 'State', value: (b) => level(b.state) },
    { title: 'Runs', value: (b) => (b.running ? 'yes' : 'no') },
    { title: 'Next', value: (b) => (b.next ? 'yes' : 'no') },
    { title: 'Written', value: (b) => (b.updated ? `${b.updated} times` : ''), num: true },
    { title: 'Used', value: (b) => `${size(b.used)} of ${size(b.size)}`, num: true },
    { title: 'Bundles', value: (b) => b.bundles.join(', '), wrap: true },
    { title: 'Problem', value: (b) => b.problem, wrap: true },
    { actions: (b) => [['Verify', (bank, target) => look(`Files of bank ${bank.bank}`,
      () => api.post('/system/boot/banks/verify', { bank: bank.bank }), target), { needs: 'POST /system/boot/banks/verify' }], ...(b.next ? [] : [['Start next …', choose, { needs: 'PUT /system/boot/banks' }]])] },
  ], (b) => b.bank);
  const present = el('div', {}, section('Banks', banks.node),
    api.may('POST /system/boot/update') && section('Update', note('The image goes to the bank that does not run, and is tried with the next start. If it does not stay, the host '
      + 'goes back by itself.'), updateForm()),
    api.may('POST /system/boot/scrub') && section('Health', el('p', { class: 'row' },
      button('Look through it', (event) => look('Scrub', () => api.post('/system/boot/scrub', { check_only: true }), event.target)),
      button('Look through and repair', (event) => look('Scrub', () => api.post('/system/boot/scrub'), event.target)),
      button('Confirm the running image', (event) => act(event.target, () => api.post('/system/boot/banks/confirm'),
        (a) => `Build ${a.build} is valid.`).then(again), { needs: 'POST /system/boot/banks/confirm' }))));
  return {
    every: 15000,
    node: el('div', {}, about, problem, present),
    async refresh() {
      const boot = await api.get('/system/boot');
      const here = boot.medium === 'present' || boot.medium === 'copied';
      present.hidden = !here;
      problem.hidden = !boot.problem;
      problem.textContent = boot.problem || '';
      showFacts(about, [['Boot medium', boot.medium], ['Started from', boot.source], ['Disk', boot.disk],
        ['Running bank', here ? String(boot.bank) : ''], ['Build', boot.build], ['Next start', here ? (boot.next === null ? 'none can be started' : `bank ${boot.next}`) : ''],
        ['Looked through', boot.scrubbed ? time(boot.scrubbed) : here ? 'not since the start' : ''],
        ['Failed image', boot.failure ? `${boot.failure.build}: ${boot.failure.reason}` : ''],
        ['Spare in memory', boot.spare ? (boot.spare.kept ? `build ${boot.spare.build}, ${size(boot.spare.size)}` : boot.spare.reason) : '']]);
      if (here) banks.show(await api.get('/system/boot/banks'));
    },
  };
}
