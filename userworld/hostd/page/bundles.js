// SPDX-License-Identifier: Apache-2.0
// Bundles: what is installed, and how one comes and goes. Nothing is done before a dry run was read.

import * as api from './api.js';
import { act, ask, confirm } from './dialog.js';
import { button, checkbox, el, facts, field, note, section, select } from './dom.js';
import { describe, summary } from './effect.js';
import { time } from './format.js';
import { Table } from './table.js';
import { upload } from './upload.js';

const again = () => dispatchEvent(new Event('refresh'));

async function details(row, target) {
  let all;
  if (!await act(target, async () => { all = await api.get(`/bundles/${api.name(row.name)}`); })) return;
  const text = (value) => (Array.isArray(value) ? value.map((v) => (typeof v === 'object' ? JSON.stringify(v) : v)).join(', ')
    : typeof value === 'object' && value ? JSON.stringify(value) : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value);
  await ask(`${all.name} ${all.version}`, facts(Object.entries(all).map(([key, value]) =>
    [key.replaceAll('_', ' '), text(value)])), [['Close', null, 'main']]);
}

async function remove(row, target) {
  const path = `/bundles/${api.name(row.name)}`;
  const force = checkbox('Also while its files are in use');
  let plan;
  if (!await act(target, async () => { plan = await api.remove(path, { dry_run: true, force: true }); })) return;
  if (!await confirm(`Remove ${row.name} ${row.version}?`, [describe(plan), force], 'Remove', true)) return;
  await act(target, () => api.remove(path, force.firstChild.checked ? { force: true } : {}), summary);
  again();
}

async function update(target) {
  let plan;
  if (!await act(target, async () => { plan = await api.patch('/bundles', { dry_run: true }); })) return;
  if (!plan.installed?.length) {
    await ask('Nothing is newer', el('p', {}, plan.message || 'The depots have nothing newer.'), [['Close', null, 'main']]);
    return;
  }
  if (await confirm('Update all bundles?', describe(plan), 'Update')) await act(target, () => api.patch('/bundles', {}), summary);
  again();
}

async function allow(row, target) {
  await act(target, () => api.remove(`/refused-bundles/${api.name(row.name)}`, { version: row.version }),
    `${row.name} ${row.version} may be installed again`);
  again();
}

// Where a bundle comes from: each source has a field of its own, and what it was typed stays.
function installForm() {
  const file = el('input', { type: 'file', name: 'file', required: true });
  const url = el('input', { type: 'url', name: 'url', placeholder: 'https://…', autocomplete: 'off' });
  const name = el('input', { type: 'text', name: 'name', placeholder: 'NAME or NAME >= VERSION', autocomplete: 'off' });
  const path = el('input', { type: 'text', name: 'path', placeholder: '/tmp/NAME.vib', autocomplete: 'off' });
  const inputs = { file: ['Bundle file', file], url: ['Address', url], name: ['What is wanted', name], path: ['Path on the host', path] };
  const from = select([['file', 'a file of this computer'], ['url', 'an address (http, https)'], ['name', 'the depots, by name'],
    ['path', 'a file on the host']], 'file', { name: 'from' });
  const fields = Object.fromEntries(Object.entries(inputs).map(([key, [title, input]]) => [key, field(title, input)]));
  const force = checkbox('Also if this version failed here before', { name: 'force' });
  const bar = el('progress', { max: 1, value: 0, 'aria-label': 'Sent', hidden: true });
  const submit = el('button', { type: 'submit', class: 'main' }, 'Check …');

  function choose() {
    for (const [key, node] of Object.entries(fields)) {
      node.hidden = key !== from.value;
      inputs[key][1].required = key === from.value;
    }
  }

  const send = async (dry) => {
    const options = { ...(dry ? { dry_run: true } : {}), ...(force.firstChild.checked ? { force: true } : {}) };
    if (from.value !== 'file') return api.post('/bundles', { [from.value]: inputs[from.value][1].value.trim(), ...options });
    bar.hidden = false;
    try {
      return await upload(file.files[0], options, (share) => { bar.value = share; });
    } finally {
      bar.hidden = true;
    }
  };

  async function install(event) {
    event.preventDefault();
    let plan;
    // A host that cannot try an upload would install it.
    if (from.value === 'file' && !api.takes('POST', '/uploads', 'dry_run')) {
      if (await confirm(`Install ${file.files[0].name}?`, el('p', {}, 'This host cannot say before what a file changes. It checks '
        + 'signature, relations and room, and installs nothing if one of them is wrong.'), 'Install'))
        await act(submit, () => send(false), summary);
      again();
      return;
    }
    if (!await act(submit, async () => { plan = await send(true); })) return;
    const wanted = plan.installed?.join(', ');
    if (!wanted) {
      await ask('Nothing to do', describe(plan), [['Close', null, 'main']]);
      return;
    }
    if (!await confirm(`Install ${wanted}?`, describe(plan), 'Install')) return;
    await act(submit, () => send(false), summary);
    again();
  }

  from.addEventListener('change', choose);
  choose();
  return el('form', { class: 'row', id: 'install', onsubmit: install }, field('From', from), Object.values(fields), force, submit, bar);
}

export default function bundles() {
  const table = new Table('Bundles', [
    { title: 'Name', value: (b) => b.name },
    { title: 'Version', value: (b) => b.version },
    { title: 'Vendor', value: (b) => b.vendor },
    { title: 'Acceptance', value: (b) => b.acceptance },
    { title: 'Installed', value: (b) => (b.install_date ? time(b.install_date) : 'with the image') },
    { title: 'Tardisks', value: (b) => b.tardisks.join(', '), wrap: true },
    { actions: (b) => [['Details', details, { 'aria-label': `Details of ${b.name}` }],
      ...(b.type === 'base' ? [] : [['Remove …', remove, { 'aria-label': `Remove ${b.name}`, needs: 'DELETE /bundles/{name}' }]])] },
  ], (b) => b.name);
  const refused = new Table('Refused versions', [
    { title: 'Name', value: (r) => r.name },
    { title: 'Version', value: (r) => r.version },
    { title: 'When', value: (r) => time(r.time) },
    { title: 'Why', value: (r) => r.reason, wrap: true },
    { actions: () => [['Allow again', allow, { needs: 'DELETE /refused-bundles/{name}' }]] },
  ], (r) => `${r.name} ${r.version}`);
  const refusedSection = section('Versions that failed here', refused.node);
  return {
    every: 15000,
    node: el('div', {}, api.may('POST /bundles') && section('Install', note('First the host checks it and says what would change. Nothing is done before you agree.'),
      installForm()), section('Installed', table.node,
      el('p', {}, button('Update all from depots …', (event) => update(event.target), { needs: 'PATCH /bundles' }))), refusedSection),
    async refresh() {
      const [list, failed] = await Promise.all([api.get('/bundles'), api.get('/refused-bundles')]);
      table.show(list);
      refused.show(failed);
      refusedSection.hidden = !failed.length;
    },
  };
}
