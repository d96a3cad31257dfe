// SPDX-License-Identifier: Apache-2.0
// The certificate by which browsers and programs know the host.

import * as api from './api.js';
import { act, ask, confirm } from './dialog.js';
import { button, el, facts, field, note, section, showFacts } from './dom.js';
import { time } from './format.js';

const rows = (c) => [['Of', c.subject], ['Issued by', c.self_signed ? 'the host itself' : c.issuer], ['For the names', c.names.join(', ')],
  ['Good from', time(c.not_before)], ['Until', time(c.not_after)], ['Thumbprint (SHA-256)', c.thumbprint]];

// The browser may not know the new one, and then says no more than that the host does not answer.
async function reload(content) {
  if (await ask('The host has another certificate', [content,
    note('This browser has not seen it: load the page anew, and compare the thumbprint before you accept it. The console shows it as well.')],
  [['Stay', false], ['Load anew', true, 'main']])) location.reload();
}

async function replace(target) {
  const files = el('input', { type: 'file', multiple: true, required: true, accept: '.pem,.crt,.cer,.key', name: 'pem' });
  if (!await confirm('Replace the certificate', [field('Files', files, 'Certificate, those that issued it, and its key without passphrase, as PEM: '
    + 'one file, or several'), note('The host checks it first: what it has stays if that one is not good.')], 'Replace')) return;
  let now;
  if (await act(target, async () => {
    now = await api.put('/system/certificate', { pem: (await Promise.all([...files.files].map((f) => f.text()))).join('\n') });
  })) await reload(facts(rows(now)));
}

async function reset(target) {
  if (!await confirm('Make a certificate anew?', el('p', {}, 'The host makes a key and a certificate of its own. The key that it has is lost, and '
    + 'whoever has accepted the certificate has to do it again.'), 'Make anew', true)) return;
  if (await act(target, () => api.remove('/system/certificate'))) await reload(el('p', {}, 'It is one that the host has made.'));
}

export function certificate() {
  const about = facts([]);
  return { node: section('Certificate of the host', about, el('p', { class: 'row' },
    button('Replace …', (event) => replace(event.target), { needs: 'PUT /system/certificate', 'aria-label': 'Replace the certificate' }),
    button('Make anew …', (event) => reset(event.target), { needs: 'DELETE /system/certificate' }))), async refresh() {
    showFacts(about, rows(await api.get('/system/certificate')));
  } };
}
