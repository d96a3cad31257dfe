// SPDX-License-Identifier: Apache-2.0
// Forms that show what the host has until somebody types: then they are theirs until saved or reset.

import { may } from './api.js';
import { act } from './dialog.js';
import { button, el } from './dom.js';

// fields: { name: input }; save(values) sends them, which needs an operation of the user ("PUT /system/hostname"): who may
// not do that sees the values. show(values) fills those that nobody is changing.
export class Form {
  constructor(fields, nodes, save, done, needs, title = 'Save') {
    this.fields = fields;
    this.save = save;
    this.done = done;
    this.mine = may(needs);
    this.changed = false;
    this.values = {};
    // What is typed before the host has answered would be lost.
    for (const input of Object.values(fields)) input.disabled = true;
    this.submit = el('button', { type: 'submit', class: 'main', disabled: true, hidden: !this.mine }, title);
    this.reset = button('Reset', () => this.undo(), { hidden: true });
    this.node = el('form', { class: 'row', onsubmit: (event) => this.send(event), oninput: () => this.touch(),
      onchange: () => this.touch() }, nodes, this.submit, this.reset);
  }

  touch() {
    this.changed = Object.entries(this.fields).some(([name, input]) => this.read(input) !== (this.values[name] ?? this.read(input)));
    this.submit.disabled = !this.changed;
    this.reset.hidden = !this.changed;
  }

  read(input) {
    return input.type === 'checkbox' ? input.checked : input.type === 'number' ? Number(input.value) : input.value;
  }

  write(input, value) {
    if (input.type === 'checkbox') input.checked = value;
    else input.value = value;
  }

  show(values) {
    this.values = values;
    for (const input of Object.values(this.fields)) input.disabled = !this.mine;
    if (!this.changed) this.undo();
    else this.touch();
  }

  undo() {
    for (const [name, input] of Object.entries(this.fields)) this.write(input, this.values[name]);
    this.touch();
  }

  async send(event) {
    event.preventDefault();
    const values = Object.fromEntries(Object.entries(this.fields).map(([name, input]) => [name, this.read(input)]));
    if (!await act(this.submit, () => this.save(values), this.done)) return;
    this.values = values;
    this.touch();
    dispatchEvent(new Event('refresh'));
  }
}
