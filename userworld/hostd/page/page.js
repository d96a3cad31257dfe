// SPDX-License-Identifier: Apache-2.0
// The page itself: which area is shown, and how it is kept up to date.

import * as api from './api.js';
import { $, el, note } from './dom.js';
import { toast } from './dialog.js';
import { clock } from './format.js';
import * as live from './live.js';
import * as samples from './samples.js';
import * as session from './session.js';
import { denied, views } from './views.js';

const EVERY = 5000, LOST = 2000, FIRST = 1500;

const shown = new Map(); // name -> { node, refresh(), every }, of areas that were visited
let timer = null, lost = null, round = 0, sampled = 0, looks = 0, looking = null, known = [];

// --- Is the host there?

api.hooks.lost = () => {
  if (lost) return;
  lost = new Date();
  $('banner').textContent = `The host has not answered since ${clock(lost)}: its agent (hostd) or the host restarts, `
    + 'or the network is down. This page goes on by itself as soon as it answers.';
  $('banner').hidden = false;
  document.body.classList.add('lost');
};

api.hooks.reached = () => {
  if (!lost) return;
  lost = null;
  $('banner').hidden = true;
  document.body.classList.remove('lost');
  toast('The host answers again.');
};

const late = new Set(); // paths of reads that have no answer yet

api.hooks.slow = (path, over) => {
  if (over) late.delete(path);
  else late.add(path);
  $('slow').hidden = !late.size || Boolean(lost);
  $('slow').textContent = late.size ? `The host takes long to answer (${[...late].join(', ')}). What is shown may be old.` : '';
};

// --- Areas

function area() {
  const name = location.hash.slice(1).split('/')[0];
  return known.some(([n]) => n === name) ? name : 'overview';
}

function buildNav() {
  const groups = views().filter(([, list]) => list.length);
  known = groups.flatMap(([, list]) => list);
  $('nav').replaceChildren(...groups.map(([group, list]) => el('div', {}, el('h2', {}, group),
    el('ul', {}, list.map(([name, title]) => el('li', {}, el('a', { href: `#${name}` }, title)))))));
  if (denied().length) $('nav').append(note(`Not for the role ${api.hooks.role}: ${denied().join(', ')}.`));
}

// What this user may not do is left out of an area, but not without a word.
function rights([, , , prefixes]) {
  const role = api.hooks.role;
  switch (api.changes(prefixes)) {
    case 'none': return note(el('span', { class: 'state' }, 'Read-only'), ` The role ${role} may look at this, and change nothing here.`);
    case 'some': return note(`The role ${role} may not change all of this: what it may not is left out.`);
    default: return '';
  }
}

function mark(name) {
  for (const link of $('nav').querySelectorAll('a')) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const [, title] = known.find(([n]) => n === name);
  document.title = `${title} - ${$('host').textContent || 'VisorOS'}`;
}

async function open(name) {
  if (!shown.has(name)) {
    const { default: create } = await import(`./${name}.js`);
    if (!shown.has(name)) {
      const view = create(), about = known.find(([n]) => n === name);
      view.node.prepend(el('h1', { tabindex: -1 }, about[1]), rights(about));
      view.node.hidden = true;
      $('main').append(view.node);
      shown.set(name, view);
    }
  }
  return shown.get(name);
}

function problem(view, error) {
  let box = view.node.querySelector(':scope > .problem');
  if (!box && error) view.node.querySelector('h1').after(box = el('p', { class: 'problem banner bad', role: 'alert' }));
  if (!box) return;
  if (box.textContent !== (error?.message ?? '')) box.textContent = error?.message ?? '';
  box.hidden = !error;
}

// What goes on behind every area.
async function common() {
  // Shares of a processor need two looks: the second one comes soon.
  if (Date.now() - sampled >= (looks === 1 ? FIRST : EVERY) - 500) {
    sampled = Date.now();
    looks++;
    looking = Promise.all([samples.take(), live.refreshAlarms()]);
    looking.then(() => live.follow()).catch(() => {});
  }
  // Also who comes while the first look is under way has to wait for it: areas show what it brings.
  await looking;
}

// One look at the host. A later one that was asked for meanwhile has the last word.
export async function refresh() {
  const mine = ++round;
  clearTimeout(timer);
  let view = null;
  try {
    const name = area();
    view = await open(name);
    if (mine !== round) return;
    for (const [n, other] of shown) {
      other.node.hidden = n !== name;
      if (n !== name) other.leave?.();
    }
    mark(name);
    await common();
    await view.refresh();
    problem(view, null);
  } catch (error) {
    // The banner has said so.
    if (view && (error instanceof api.Silent || !(error instanceof api.Unreachable))) problem(view, error);
    else if (!view) api.hooks.lost();
  }
  if (mine === round && !document.hidden) timer = setTimeout(refresh, lost ? LOST : looks === 1 ? FIRST : view?.every ?? EVERY);
}

function closeMenu() {
  $('nav').classList.remove('open');
  $('menu').setAttribute('aria-expanded', 'false');
}

function onHash() {
  closeMenu();
  refresh().then(() => shown.get(area())?.node.querySelector('h1').focus({ preventScroll: true }));
  scrollTo(0, 0);
}

// The host may go away between two requests: then once more.
async function greet() {
  try {
    const [{ hostname }] = await Promise.all([api.get('/system/hostname'), api.learn()]);
    $('host').textContent = hostname;
  } catch {
    await new Promise((resolve) => { setTimeout(resolve, LOST); });
    await greet();
  }
}

async function start() {
  await session.start();
  await greet();
  $('app').hidden = $('menu').hidden = false;
  buildNav();
  await refresh();
}

addEventListener('hashchange', onHash);
addEventListener('refresh', refresh); // an area that has changed something
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  $('main').focus();
});
document.addEventListener('visibilitychange', () => {
  if ($('app').hidden) return;
  if (!document.hidden) refresh();
  else {
    live.unfollow();
    for (const view of shown.values()) view.leave?.();
  }
});
$('menu').addEventListener('click', () => {
  const open = $('nav').classList.toggle('open');
  $('menu').setAttribute('aria-expanded', open);
});
start();
