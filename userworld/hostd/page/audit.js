// SPDX-License-Identifier: Apache-2.0
// The audit log: each change and each login, who and how it ended.

import * as api from './api.js';
import { el, field, note, section, select, state } from './dom.js';
import { time } from './format.js';
import { Table } from './table.js';

const WORD = /(\w+)=("(?:[^"\\]|\\.)*"|\{.*|\S+)/g;

const plain = (text) => {
  try {
    return text.startsWith('"') ? JSON.parse(text) : text;
  } catch {
    return text;
  }
};

// "TIME No(85) audit[412]: op=... result=..." by its words; a line that is cut, or none of those, has its text only.
export function parse(line) {
  const at = line.indexOf(' op=');
  if (at < 0) return { text: line };
  return { time: line.split(' ', 1)[0], ...Object.fromEntries([...line.slice(at).matchAll(WORD)].map(([, key, value]) => [key, plain(value)])) };
}

export function audit() {
  const lines = select([['50', '50 lines'], ['500', '500 lines']], '50', { onchange: () => dispatchEvent(new Event('refresh')) });
  const table = new Table('Audit log', [
    { title: 'Time (UTC)', value: (r) => time(r.time) },
    { title: 'Who', value: (r) => (r.from ? `${r.who}, ${r.from}` : r.who), wrap: true },
    { title: 'Role', value: (r) => r.role },
    { title: 'What', value: (r) => r.text || `${r.op} ${r.params && r.params !== '{}' ? r.params : ''}`, wrap: true },
    { title: 'Result', value: (r) => r.result && state(r.result, r.result === 'ok' ? 'good' : 'bad') },
    { title: 'Why', value: (r) => r.error, wrap: true },
  ], (r) => r.key, 'Nothing was changed yet.');
  return { node: section('Audit log', note('Each change and each login, the newest first. A host that sends its log elsewhere has all of it there.'),
    el('div', { class: 'row' }, field('Of the last', lines)), table.node), async refresh() {
    const answer = await api.getOrNull('/system/audit', { lines: lines.value });
    const seen = new Map();
    table.show((answer?.lines || []).map((line) => {
      seen.set(line, (seen.get(line) || 0) + 1);
      return { ...parse(line), key: `${line} ${seen.get(line)}` };
    }).reverse());
  } };
}
