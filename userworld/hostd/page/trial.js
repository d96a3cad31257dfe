// SPDX-License-Identifier: Apache-2.0
// What may cut this page off is tried first: the host takes it back by itself, unless somebody confirms it.

import * as api from './api.js';
import { act, ask, complain, confirm } from './dialog.js';
import { button, el, field, note } from './dom.js';
import { duration } from './format.js';

const again = () => dispatchEvent(new Event('refresh'));

const keep = (target) => act(target, () => api.post('/system/state/confirm'), 'The change stays.');

const undo = (target) => act(target, () => api.post('/system/state/cancel'), 'All is as before.');

// No answer may be what the change has done, and it may be in force.
async function send(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof api.Unreachable)) throw error;
  }
}

// Shows content, with the time after which it is taken back; send(seconds) asks the host for the change. Gives whether it was tried.
export async function attempt(title, content, work, target, yes = 'Try', bad = false) {
  const seconds = el('input', { type: 'number', min: 10, max: 86400, value: 120, required: true });
  if (!await confirm(title, [content, field('Take it back after, seconds', seconds),
    note('The page may lose the host by it. If "Keep it" is not pressed in that time, all is as before.')], yes, bad)) return false;
  if (!await act(target, () => send(() => work(Number(seconds.value))))) return false;
  const back = api.can('POST', '/system/state/cancel') ? [['Take it back', 'back']] : [];
  switch (await ask('Does it work?', el('p', {}, `If nobody keeps it, it is taken back after ${seconds.value} seconds.`),
    [...back, ['Wait', false], ['Keep it', 'keep', 'main']], Number(seconds.value) * 1000)) {
    case 'keep': await keep(target); break;
    case 'back': await undo(target); break;
    case 'late': complain('Nobody kept the change in time: the host takes it back.'); break;
    default:
  }
  again();
  return true;
}

// For areas whose changes are tried: says that one is on trial, for who chose to wait.
export function trialNote() {
  const text = el('span', {});
  const node = el('p', { class: 'banner', role: 'status', hidden: true }, text, ' ',
    button('Keep what is tried', (event) => keep(event.target).then(again), { class: 'main', needs: 'POST /system/state/confirm' }), ' ',
    button('Take it back', (event) => undo(event.target).then(again), { needs: 'POST /system/state/cancel' }));
  return { node, async refresh() {
    const now = await api.get('/system/state/status');
    node.hidden = !now.trial;
    const about = `Changes by ${now.trial_who} are on trial. They are taken back in ${duration(now.trial_seconds || 0)}.`;
    if (now.trial && text.textContent !== about) text.textContent = about;
  } };
}
