// SPDX-License-Identifier: Apache-2.0
// A support bundle, made on the host while it is sent.

import * as api from './api.js';
import { act } from './dialog.js';
import { el, field, note, section, select } from './dom.js';
import { size } from './format.js';
import { Table } from './table.js';

const NAME = /filename="?([^";]+)"?/;

// Bytes are kept until all are there: one that ends too early is no file.
async function receive(answer, progress) {
  const parts = [];
  let got = 0;
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts, { type: 'application/gzip' });
    parts.push(value);
    got += value.length;
    progress(got);
  }
}

function save(blob, name) {
  const link = el('a', { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
}

export default function support() {
  const status = el('p', { class: 'note', role: 'status' });
  const group = select([['', 'everything']], '');
  const submit = el('button', { type: 'submit', class: 'main' }, 'Make and download');
  const table = new Table('What there is', [
    { title: 'Name', value: (m) => m.name },
    { title: 'Group', value: (m) => m.group },
    { title: 'What', value: (m) => m.about, wrap: true },
    { title: 'Things', value: (m) => m.entries, num: true },
    { title: 'Problem', value: (m) => m.problem, wrap: true },
  ], (m) => m.name);

  async function make(event) {
    event.preventDefault();
    await act(submit, async () => {
      const answer = await api.request('GET', `/system/support${group.value ? `?group=${api.name(group.value)}` : ''}`);
      const name = NAME.exec(answer.headers.get('Content-Disposition') || '')?.[1] || 'support.tgz';
      const blob = await receive(answer, (got) => { status.textContent = `${size(got)} so far`; })
        .catch(() => { throw new Error('The support bundle ended too early. The log of hostd may say why; try again.'); });
      save(blob, name);
      status.textContent = `${name}, ${size(blob.size)}`;
    }, 'The support bundle is complete.');
  }

  return {
    every: 60000,
    node: el('div', {}, note('What others need to find out what is wrong: logs, configuration, the state of the host. Passwords and keys are '
      + 'removed from it.'), el('form', { class: 'row', onsubmit: make }, field('What goes into it', group), submit), status, section('Contents', table.node)),
    async refresh() {
      const list = await api.get('/system/support/manifests');
      table.show(list);
      const names = ['', ...new Set(list.map((m) => m.group))];
      if (group.options.length !== names.length)
        group.replaceChildren(...names.map((g) => el('option', { value: g }, g || 'everything')));
    },
  };
}
