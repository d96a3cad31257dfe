// SPDX-License-Identifier: Apache-2.0
// A line that the host tells news on as they happen. A browser has six connections to a host and no more, so an
// area opens its line while it is shown, and closes it when it is left.

import * as api from './api.js';

export class Line {
  // tell(row) gets each row; what row[mark] says is where the next line goes on.
  constructor(tell, mark) {
    this.tell = tell;
    this.mark = mark;
    this.last = null;
    this.control = null;
    this.open = false; // the host has taken it
  }

  // Until the line ends: false if it broke. To be called again and again: it is opened anew then, and goes on where it was.
  async follow(path) {
    if (this.control) return true;
    let whole = true;
    const mine = new AbortController();
    this.control = mine;
    try {
      await api.events(path, this.last, mine.signal, (row) => {
        if (this.control !== mine) return;
        this.last = row[this.mark];
        this.tell(row);
      }, () => { this.open = this.control === mine; });
    } catch (error) {
      whole = false;
      // The host may not be the same any more.
      if (this.control === mine && error instanceof api.Refused) this.last = null;
    }
    if (this.control === mine) this.close();
    return whole;
  }

  close() {
    this.control?.abort();
    this.control = null;
    this.open = false;
  }
}
