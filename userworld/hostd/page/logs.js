// SPDX-License-Identifier: Apache-2.0
// Logs as they are written: the host is asked for the end again and again, and what is kept here is bounded.

import * as api from './api.js';
import { checkbox, el, field, note, select, setText } from './dom.js';
import { count } from './format.js';

// Words with spaces between must all be there; one with a minus before it must not.
export function matcher(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const without = words.filter((w) => w.length > 1 && w[0] === '-').map((w) => w.slice(1));
  const wanted = words.filter((w) => w[0] !== '-');
  return { wanted, test: (line) => {
    const low = line.toLowerCase();
    return wanted.every((w) => low.includes(w)) && !without.some((w) => low.includes(w));
  } };
}

// The line, with what was looked for marked.
function marked(line, wanted) {
  const low = line.toLowerCase(), parts = [];
  let at = 0;
  while (wanted.length) {
    const hits = wanted.map((w) => [low.indexOf(w, at), w.length]).filter(([i]) => i >= 0).sort((a, b) => a[0] - b[0]);
    if (!hits.length) break;
    const [[i, len]] = hits;
    parts.push(line.slice(at, i), el('mark', {}, line.slice(i, i + len)));
    at = i + len;
  }
  return el('span', { class: 'line' }, parts, line.slice(at), '\n');
}

export default function logs() {
  const box = el('pre', { class: 'log', tabindex: 0, role: 'region', 'aria-label': 'Lines of the log' });
  const status = el('p', { class: 'note', role: 'status' });
  const filter = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' });
  const which = select([['vmkernel', 'vmkernel']], 'vmkernel');
  const lines = select([['200', '200 lines'], ['1000', '1000 lines'], ['5000', '5000 lines']], '1000');
  const live = checkbox('Live', { checked: true });
  let all = [], signature = '', names = '';

  function draw() {
    const { wanted, test } = matcher(filter.value);
    const hits = all.filter(test);
    const now = `${filter.value}\n${hits.length}\n${hits[0]}\n${hits.at(-1)}`;
    setText(status, `${count(hits.length, 'line')} of the last ${all.length}${live.firstChild.checked ? '' : ', stopped'}`);
    if (now === signature) return;
    signature = now;
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    box.replaceChildren(...hits.map((line) => marked(line, wanted)));
    if (atEnd) box.scrollTop = box.scrollHeight;
  }

  async function load() {
    const answer = await api.getOrNull(`/system/logs/${api.name(which.value)}`, { lines: lines.value });
    all = answer ? answer.lines : [];
    draw();
  }

  async function loadNames() {
    const list = await api.get('/system/syslog/loggers');
    const text = JSON.stringify(list);
    if (text === names) return;
    names = text;
    const chosen = which.value;
    which.replaceChildren(...list.map((l) => el('option', { value: l.name, selected: l.name === chosen }, `${l.name} (${l.description})`)));
  }

  const again = () => load().then(() => { box.scrollTop = box.scrollHeight; }).catch(() => {});
  filter.addEventListener('input', draw);
  which.addEventListener('change', again);
  lines.addEventListener('change', again);
  live.firstChild.addEventListener('change', () => dispatchEvent(new Event('refresh')));
  return {
    every: 3000,
    node: el('div', { class: 'fill' },
      el('form', { class: 'row', onsubmit: (event) => event.preventDefault() },
        field('Log', which), field('Show lines with', filter), field('Of the last', lines), live),
      status, box,
      note('All words must be in a line; a word with a minus before it must not. The page sees at most the last 256 KiB of a log; ',
        'a support bundle has more.')),
    async refresh() {
      if (!names) await loadNames();
      if (live.firstChild.checked || !signature) await load();
      else draw();
    },
  };
}
