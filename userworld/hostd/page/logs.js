// SPDX-License-Identifier: Apache-2.0
// Logs as they are written: the end of one, and then a line of news. What is kept here is bounded.

import * as api from './api.js';
import { checkbox, el, field, note, select, setText } from './dom.js';
import { count } from './format.js';
import { Line } from './line.js';

const MOST = 5000;

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

// The news begin with some lines that the end of the log has as well: how many lines of it are before them.
export function before(end, news) {
  for (let at = end.length - 1; at >= 0; at--)
    if (end[at] === news[0] && end.slice(at, at + news.length).every((line, i) => line === news[i])) return at;
  return end.length;
}

export default function logs() {
  const box = el('pre', { class: 'log', tabindex: 0, role: 'region', 'aria-label': 'Lines of the log' });
  const status = el('p', { class: 'note', role: 'status' });
  const filter = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' });
  const which = select([['vmkernel', 'vmkernel']], 'vmkernel');
  const lines = select([['200', '200 lines'], ['1000', '1000 lines'], ['5000', '5000 lines']], '1000');
  const live = checkbox('Live', { checked: true });
  let end = [], news = [], own = null, signature = '', names = '', waits = null;

  const line = new Line((row) => {
    news.push(row.line);
    if (news.length > 2 * MOST) news.splice(0, MOST);
    waits ??= setTimeout(draw, 200); // a burst is drawn once
  }, 'mark');

  function draw() {
    clearTimeout(waits);
    waits = null;
    if (own === null && news.length) own = before(end, news);
    const all = end.slice(0, own ?? end.length).concat(news).slice(-Number(lines.value));
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
    line.close();
    line.last = own = null;
    news = [];
    const path = `/system/logs/${api.name(which.value)}`;
    const answer = await api.getOrNull(path, { lines: lines.value });
    end = answer ? answer.lines : [];
    if (answer && live.firstChild.checked) line.follow(`${path}/stream`);
    draw();
  }

  async function loadNames() {
    const list = await api.get('/system/syslog/loggers');
    const text = JSON.stringify(list);
    if (text === names) return;
    names = text;
    const chosen = which.value;
    which.replaceChildren(...list.filter((l) => l.name !== 'audit').map((l) => el('option', { value: l.name, selected: l.name === chosen }, `${l.name} (${l.description})`)));
  }

  const again = () => load().then(() => { box.scrollTop = box.scrollHeight; }).catch(() => {});
  filter.addEventListener('input', draw);
  which.addEventListener('change', again);
  lines.addEventListener('change', again);
  live.firstChild.addEventListener('change', () => (live.firstChild.checked ? again() : line.close()));
  return {
    node: el('div', { class: 'fill' },
      el('form', { class: 'row', onsubmit: (event) => event.preventDefault() },
        field('Log', which), field('Show lines with', filter), field('Of the last', lines), live),
      status, box,
      note('All words must be in a line; a word with a minus before it must not. The page sees at most the last 256 KiB of a log; ',
        'a support bundle has more. The audit log is in "Users and access".')),
    async refresh() {
      if (!names) await loadNames();
      if (live.firstChild.checked && !line.open) await load();
    },
    leave: () => line.close(),
  };
}
