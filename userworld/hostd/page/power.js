// SPDX-License-Identifier: Apache-2.0
// Maintenance mode, restart and shutdown, each with what it interrupts.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { button, checkbox, el, field, note } from './dom.js';
import { count } from './format.js';

const items = (list) => el('ul', {}, list.map((text) => el('li', {}, text)));

// What is lost or cut off, in sentences; asked for when somebody is about to do it.
async function interrupted() {
  const [services, state, alarms, maintenance] = await Promise.all([api.get('/system/services'), api.get('/system/state/status'),
    api.get('/system/alarms'), api.get('/system/maintenance')]);
  const running = services.filter((s) => s.state === 'running');
  const list = [`${count(running.length, 'running service')}: ${running.map((s) => s.name).join(', ')}`,
    'all sessions of this page, the command line, the console and the shell',
    'what is in memory only: logs, events, files outside of /etc that are state'];
  if (state.mode === 'stateless') list.push('all changes of the configuration: this host has nowhere to keep them');
  else if (state.unsaved) list.push('changes of the configuration that are not saved yet');
  if (state.trial) list.push(`changes of the configuration on trial: they are taken back (${state.trial_who})`);
  if (alarms.some((a) => a.id === 'bank.bundles.failed')) list.push('bundles that are not on the boot medium');
  return { list, maintenance: maintenance.enabled };
}

async function power(verb, title, target) {
  const reason = el('input', { required: true, maxlength: 200, autocomplete: 'off' });
  const quick = checkbox('Quick: without the firmware of the machine');
  let about;
  if (!await act(target, async () => { about = await interrupted(); })) return;
  const content = [el('p', {}, 'It ends:'), items(about.list),
    about.maintenance ? null : note('The host is not in maintenance mode.'), field('Reason, for the log', reason), verb === 'reboot' ? quick : null];
  if (!await confirm(`${title} the host?`, content, title, true)) return;
  const body = { reason: reason.value };
  if (verb === 'reboot' && quick.firstChild.checked) body.quick = true;
  await act(target, () => api.post(`/system/${verb}`, body),
    verb === 'reboot' ? 'The host restarts. This page waits for it.' : 'The host shuts down.');
}

async function maintain(target) {
  let now;
  if (!await act(target, async () => { now = await api.get('/system/maintenance'); })) return;
  const text = now.enabled ? ['It starts again:', now.stopped.length ? items(now.stopped) : el('p', {}, 'nothing was stopped')]
    : ['It stops the services of the pools below host/user until maintenance ends, so that bundles which need that can come and go.'];
  const yes = now.enabled ? 'End maintenance' : 'Begin maintenance';
  if (!await confirm(`${yes}?`, el('div', {}, text), yes)) return;
  await act(target, () => api.put('/system/maintenance', { enable: !now.enabled }),
    (answer) => (answer.enabled ? 'The host is in maintenance mode.' : 'Maintenance mode has ended.'));
  dispatchEvent(new Event('refresh'));
}

export function powerButtons() {
  return el('p', { class: 'row' },
    button('Maintenance …', (event) => maintain(event.target), { needs: 'PUT /system/maintenance' }),
    button('Restart …', (event) => power('reboot', 'Restart', event.target), { needs: 'POST /system/reboot' }),
    button('Shut down …', (event) => power('shutdown', 'Shut down', event.target), { needs: 'POST /system/shutdown' }));
}
