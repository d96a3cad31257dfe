// SPDX-License-Identifier: Apache-2.0
// Tables that are kept up to date in place: what has not changed is not touched, so that the
// focus, a selection and a reader of the screen stay where they are.

import { may } from './api.js';
import { el } from './dom.js';

function showCell(cell, value) {
  const signature = value instanceof Node ? value.outerHTML : String(value ?? '');
  if (cell.signature === signature) return;
  const focused = cell.contains(document.activeElement);
  cell.signature = signature;
  cell.replaceChildren(value instanceof Node ? value : String(value ?? ''));
  if (focused) cell.querySelector('button, a, select, input')?.focus();
}

// columns: { title, value(row) gives text or a node, num, wrap, actions }. key(row) tells rows apart.
// An action is [title, run(row), attributes]; its button belongs to the row, not to its present content. What the
// attribute "needs" names ("POST /system/reboot") and this user may not do is left out.
export class Table {
  constructor(caption, columns, key, empty = 'None') {
    this.columns = columns;
    this.key = key;
    this.rows = new Map();
    this.body = el('tbody', { role: 'rowgroup' });
    this.empty = el('p', { class: 'note' }, empty);
    this.table = el('table', { role: 'table', 'aria-label': caption },
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, columns.map((c) =>
        el('th', { role: 'columnheader', scope: 'col', class: c.num ? 'num' : undefined },
          c.actions ? el('span', { class: 'hidden' }, 'Actions') : c.title)))),
      this.body);
    this.node = el('div', { class: 'scroll' }, this.table, this.empty);
    this.show([]);
  }

  newRow() {
    const cells = this.columns.map((c) => el('td', { role: 'cell', 'data-title': c.title,
      class: c.num ? 'num' : c.actions ? 'actions' : c.wrap ? 'wrap' : undefined }));
    return { cells, node: el('tr', { role: 'row' }, cells), data: null };
  }

  showActions(row, cell, all) {
    const actions = all.filter(([, , more]) => !more?.needs || may(more.needs));
    const signature = JSON.stringify(actions.map(([title, , more]) => [title, more]));
    if (cell.signature === signature) return;
    const focused = cell.contains(document.activeElement);
    cell.signature = signature;
    cell.replaceChildren(...actions.map(([title, , more]) => el('button', { type: 'button', ...more,
      onclick: (event) => this.columns.find((c) => c.actions).actions(row.data).find(([t]) => t === title)[1](row.data, event.target) }, title)));
    if (focused) cell.querySelector('button')?.focus();
  }

  show(list) {
    const old = this.rows;
    this.rows = new Map();
    let at = this.body.firstChild;
    for (const data of list) {
      const key = this.key(data);
      if (this.rows.has(key)) continue;
      const row = old.get(key) || this.newRow();
      row.data = data;
      this.rows.set(key, row);
      this.columns.forEach((c, i) => (c.actions ? this.showActions(row, row.cells[i], c.actions(data))
        : showCell(row.cells[i], c.value(data))));
      if (row.node === at) at = at.nextSibling;
      else this.body.insertBefore(row.node, at);
    }
    for (const [key, row] of old) if (!this.rows.has(key)) row.node.remove();
    this.table.hidden = !list.length;
    this.empty.hidden = Boolean(list.length);
    return this;
  }
}
