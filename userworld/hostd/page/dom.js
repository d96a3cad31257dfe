// SPDX-License-Identifier: Apache-2.0
// Elements. Text from the host only ever becomes text nodes.

import { may } from './api.js';

export const $ = (id) => document.getElementById(id);

const SVG = 'http://www.w3.org/2000/svg';

// What this user may not do is not offered; what shows a value as well shows it, and cannot be changed.
function need(node, words) {
  if (may(words)) return;
  if (node.matches('select, input, textarea')) node.disabled = true;
  else node.hidden = true;
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'needs') need(node, value);
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value') node.value = value;
    else if (value !== false && value !== undefined && value !== null)
      node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity))
    if (child !== null && child !== undefined && child !== false)
      node.append(child instanceof Node ? child : String(child));
  return node;
}

export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

let ids = 0;
export const newId = (word) => `${word}-${++ids}`;

// The text of an element that is shown again and again: a reader of the screen is told of changes only.
export function setText(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

export const note = (...text) => el('p', { class: 'note' }, ...text);

export function button(title, onclick, attributes) {
  return el('button', { type: 'button', onclick, ...attributes }, title);
}

// A field with its label. The input is told from the outside by its name.
export function field(label, input, help) {
  input.id ||= newId('field');
  const about = help ? el('small', { id: input.id + '-help' }, help) : null;
  if (about) input.setAttribute('aria-describedby', about.id);
  return el('div', { class: 'field' }, el('label', { for: input.id }, label), input, about);
}

export function select(choices, value, attributes) {
  return el('select', attributes, choices.map((c) => {
    const [key, title] = Array.isArray(c) ? c : [c, c];
    return el('option', { value: key, selected: key === value }, title);
  }));
}

export function checkbox(label, attributes) {
  return el('label', { class: 'check' }, el('input', { type: 'checkbox', ...attributes }), ' ', label);
}

export function section(title, ...children) {
  const id = newId('section');
  return el('section', { 'aria-labelledby': id }, el('h2', { id }, title), children);
}

export function panel(title, ...children) {
  return el('div', { class: 'card' }, el('h3', {}, title), children);
}

// Names and values, beside each other.
export function facts(rows) {
  const list = el('dl', { class: 'facts' });
  showFacts(list, rows);
  return list;
}

export function showFacts(list, rows) {
  const signature = JSON.stringify(rows.map(([name, value]) => [name, value instanceof Node ? value.outerHTML : value]));
  if (list.signature === signature) return;
  list.signature = signature;
  list.replaceChildren(...rows.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

export function meter(used, max, what) {
  const share = max > 0 ? Math.min(1, used / max) : 0;
  const level = share > 0.95 ? 'bad' : share > 0.8 ? 'warn' : 'good';
  const percent = Math.round(100 * share);
  // A progress bar of our own drawing: the level is told by its text as well.
  return el('span', { class: `meter ${level}`, role: 'img', 'aria-label': `${what || 'used'} ${percent} %` },
    svg('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { width: 100, height: 8, class: 'back' }), svg('rect', { width: percent, height: 8, class: 'fill' })),
    el('span', {}, `${percent} %`));
}

export const state = (word, level) => el('span', { class: `state ${level}` }, word);
