// SPDX-License-Identifier: Apache-2.0
// Questions and messages.

import { $, button, el, newId } from './dom.js';

// content: nodes; choices: [[title, value, class]]. Gives the value of what was chosen, null for Escape; 'late' if nothing was
// in that time (ms).
export function ask(title, content, choices, time) {
  const id = newId('dialog');
  return new Promise((done) => {
    let result = null;
    const box = el('dialog', { 'aria-labelledby': id });
    const form = el('form', { method: 'dialog', novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      const chosen = event.submitter?.choice;
      if (chosen?.value && !form.reportValidity()) return;
      result = chosen?.value ?? null;
      box.close();
    } }, el('h1', { id }, title), content, el('p', { class: 'buttons' }, choices.map(([text, value, cls]) => {
      const b = el('button', { type: 'submit', class: cls }, text);
      b.choice = { value };
      return b;
    })));
    const before = document.activeElement;
    const timer = time ? setTimeout(() => { result = 'late'; box.close(); }, time) : 0;
    box.append(form);
    box.addEventListener('close', () => {
      clearTimeout(timer);
      box.remove();
      if (before?.isConnected) before.focus();
      done(result);
    });
    document.body.append(box);
    box.showModal();
    (form.querySelector('input, select, textarea') || form.querySelector('.buttons button:last-child')).focus();
  });
}

// The way back is first, and Enter in a field takes the one that is last: it is what the dialog is for.
export const confirm = (title, content, yes, bad) =>
  ask(title, content, [['Cancel', false], [yes, true, bad ? 'danger' : 'main']]);

function message(home, text, cls) {
  const box = el('div', { class: `toast ${cls}` }, el('span', {}, text));
  const close = () => box.remove();
  box.append(button('Close', close, { 'aria-label': 'Close this message' }));
  $(home).append(box);
  while ($(home).children.length > 4) $(home).firstChild.remove();
  return close;
}

export function toast(text) {
  setTimeout(message('toasts', text, ''), 10000);
}

// Stays until it is closed: it says what is to be done.
export const complain = (text) => message('errors', text, 'bad');

// Runs what a button is for, and says what came of it.
export async function act(target, work, done) {
  const focused = document.activeElement === target;
  if (target) target.disabled = true;
  try {
    const result = await work();
    const text = typeof done === 'function' ? done(result) : done;
    if (text) toast(text);
    return true;
  } catch (error) {
    complain(error.message);
    return false;
  } finally {
    if (target) target.disabled = false;
    if (focused && target.isConnected) target.focus();
  }
}
