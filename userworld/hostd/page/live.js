// SPDX-License-Identifier: Apache-2.0
// What goes on at the host whatever view is open: its alarms, and events as they happen.

import * as api from './api.js';
import { $ } from './dom.js';
import { complain, toast } from './dialog.js';
import { count } from './format.js';
import { Line } from './line.js';

export const live = new EventTarget();

let alarms = [], timer = null;

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

function onEvent(event) {
  if (event.severity === 'error') complain(event.text);
  else if (event.severity === 'warning') toast(event.text);
  live.dispatchEvent(new CustomEvent('event', { detail: event }));
  soon();
}

// A line that breaks is opened anew after the next look at the host, which says whether it is there and
// whom it knows. Numbers of events begin anew with the host: after a break of the line only what comes counts.
const line = new Line(onEvent, 'number');

export async function follow() {
  if (!await line.follow('/system/events/stream')) line.last = null;
}

export const unfollow = () => line.close();
