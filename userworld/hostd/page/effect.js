// SPDX-License-Identifier: Apache-2.0
// What an install, an update or a removal would do, of a dry run, for somebody who is to decide.

import { el, facts } from './dom.js';
import { count, size } from './format.js';

const MANY = 8;

function paths(title, list) {
  if (!list?.length) return null;
  const text = (row) => (typeof row === 'string' ? row : `${row.path} (now of ${row.below || 'the ramdisk'})`);
  const items = (rows) => el('ul', { class: 'paths' }, rows.map((row) => el('li', {}, text(row))));
  return list.length <= MANY ? el('div', {}, el('h3', {}, `${title}: ${list.length}`), items(list))
    : el('details', {}, el('summary', {}, `${title}: ${list.length}`), items(list));
}

const names = (list) => (list?.length ? list.join(', ') : null);

function memory(effect) {
  const ramdisks = (effect.ramdisks || []).map((r) => `${r.name} ${size(r.bytes)}${r.temporary ? ' for a while' : ''}`);
  return [
    ['Memory while it is done', effect.memory_peak > 0 && size(effect.memory_peak)],
    ['Memory it keeps', effect.memory_kept > 0 && size(effect.memory_kept)],
    ['Memory reserved by its services', effect.memory_reserved > 0 && size(effect.memory_reserved)],
    ['Memory that becomes free', effect.memory_freed > 0 && size(effect.memory_freed)],
    ['Ramdisks', names(ramdisks)],
    ['Boot medium', effect.bank_size ? `${size(effect.bank_bytes)} of ${size(effect.bank_size)} for all bundles` : 'nothing is written'],
  ];
}

export function describe(answer) {
  const effect = answer.effect || {};
  const state = (answer.state_files || []).map((f) => `${f.path}: ${f.action}`);
  return el('div', { class: 'effect' },
    el('p', {}, answer.message || ''),
    answer.reboot_required ? el('p', { class: 'warn' }, 'Takes effect with the next start of the host.') : null,
    facts([
      ['Comes', names(answer.installed)], ['Goes', names(answer.removed)],
      ['Is there already', names(answer.skipped)],
      ['Services that stop', names(effect.services_stopped)], ['Services that start', names(effect.services_started)],
      ['Services that restart', names(effect.services_restarted)], ...memory(effect),
    ]),
    paths('Files that come', effect.files_added), paths('Files that change', effect.files_updated),
    paths('Files that go', effect.files_removed), paths('Files laid over others', effect.files_overridden),
    paths('Files that appear again', effect.files_revealed),
    state.length ? paths('State files', state) : null);
}

// Of what was done, in one sentence.
export function summary(answer) {
  const parts = [];
  if (answer.installed?.length) parts.push(`installed: ${answer.installed.join(', ')}`);
  if (answer.removed?.length) parts.push(`removed: ${answer.removed.join(', ')}`);
  const kept = answer.kept === false && answer.not_kept ? ` The next start will not have it: ${answer.not_kept}` : '';
  return `${parts.join('; ') || count(0, 'bundle') + ' changed'}. ${answer.message || ''}${kept}`;
}
