// SPDX-License-Identifier: Apache-2.0
// What goes on at the host whatever view is open: its alarms, and events as they happen.

import * as api from './api.js';
import { $ } from './dom.js';
import { complain, toast } from './dialog.js';
import { count } from './format.js';

export const live = new EventTarget();

let alarms = [], source = null, timer = null;

export const currentAlarms = () => alarms;

function showBadge() {
  const badge = $('alarms'), open = alarms.filter((a) => !a.acknowledged);
  badge.hidden = !alarms.length;
  badge.className = `badge ${open.some((a) => a.severity === 'error') ? 'bad' : open.length ? 'warn' : 'quiet'}`;
  const text = open.length ? count(open.length, 'alarm') : `${count(alarms.length, 'alarm')}, seen`;
  if (badge.textContent !== text) badge.textContent = text;
}

export async function refreshAlarms() {
  alarms = await api.get('/system/alarms');
  showBadge();
  live.dispatchEvent(new Event('alarms'));
}

// A burst of events is one look at the alarms.
function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => refreshAlarms().catch(() => {}), 300);
}

function onEvent(message) {
  const event = JSON.parse(message.data);
  if (event.severity === 'error') complain(event.text);
  else if (event.severity === 'warning') toast(event.text);
  live.dispatchEvent(new CustomEvent('event', { detail: event }));
  soon();
}

// The browser comes again by itself when a line breaks, but not after an answer that is none, such
// as that of a host on its way up: then it is opened anew with the next look at the host.
export function follow() {
  if (source && source.readyState !== EventSource.CLOSED) return;
  source = api.stream('/system/events/stream');
  source.onmessage = onEvent;
}

export function unfollow() {
  source?.close();
  source = null;
}
