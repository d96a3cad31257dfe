// SPDX-License-Identifier: Apache-2.0
// Who may log in.

import * as api from './api.js';
import { act, complain } from './dialog.js';
import { el, field, note, section, setText } from './dom.js';
import { who } from './session.js';

// A password that is not sent twice the same is nobody's.
export function passwordForm(user, done) {
  const first = el('input', { type: 'password', required: true, minlength: 8, autocomplete: 'new-password' });
  const second = el('input', { type: 'password', required: true, autocomplete: 'new-password' });
  const submit = el('button', { type: 'submit', class: 'main' }, 'Set password');
  // Keepers of passwords want to know whose it is.
  const name = el('input', { type: 'text', autocomplete: 'username', hidden: true, value: user() });
  return el('form', { class: 'row', onsubmit: async (event) => {
    event.preventDefault();
    if (first.value !== second.value) {
      complain('The two passwords are not the same.');
      second.select();
      return;
    }
    if (!await act(submit, () => api.put(`/accounts/${api.name(user())}/password`, { password: first.value }),
      `The password of ${user()} is another one. All sessions end.`)) return;
    first.value = second.value = '';
    done?.();
  } }, name, field('New password', first, 'At least 8 characters'), field('The same again', second), submit);
}

export default function users() {
  const status = el('p', {});
  return {
    every: 30000,
    node: el('div', {}, section('Password', status, note('A new password ends all sessions, this one as well.'), passwordForm(who))),
    async refresh() {
      const { is_set: set } = await api.get(`/accounts/${api.name(who())}/password`);
      setText(status, set ? `User ${who()} has a password.`
        : `User ${who()} has no password: from the network nobody can log in, except in development images.`);
    },
  };
}
