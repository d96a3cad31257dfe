// SPDX-License-Identifier: Apache-2.0
// Who is logged in. The login lies over the page: what was typed below it is there afterwards, and
// requests that met the end of the session wait for it.

import { $ } from './dom.js';
import * as api from './api.js';
import { toast } from './dialog.js';
import { duration } from './format.js';

let user = null, waiting = null, used = Date.now();
let idle = 900, asked = Date.now(); // seconds that hostd keeps a session that asks for nothing (0: for ever), and when it said so

export const who = () => user;
export const loggedOut = () => waiting !== null;

function why(text) {
  $('login-why').textContent = text || '';
  $('login-why').hidden = !text;
}

function refuse(text) {
  $('login-problem').textContent = text;
  $('login-problem').hidden = !text;
}

// Asks for user and password until they are right. Several may ask at once; they get one dialog.
export function login(text) {
  if (!waiting) {
    let done;
    waiting = { promise: new Promise((resolve) => { done = resolve; }), done: () => done(true) };
    why(text);
    refuse('');
    $('login').showModal();
    $('login-password').focus();
  }
  return waiting.promise;
}

function enter({ user: name, role, idle_seconds: seconds }) {
  // The page below was for somebody else, or for one who might do other things.
  if (user && (user !== name || api.hooks.role !== role)) return location.reload();
  user = name;
  api.hooks.role = role;
  api.hooks.logins++;
  $('user').textContent = role === 'admin' ? name : `${name} (${role})`;
  $('logout').hidden = false;
  idle = seconds;
  used = asked = Date.now();
  if (waiting) {
    const { done } = waiting;
    waiting = null;
    $('login').close();
    done();
  }
}

async function submit(event) {
  event.preventDefault();
  refuse('');
  const submitter = $('login-form').querySelector('button');
  submitter.disabled = true;
  try {
    const answer = await api.post('/sessions', { user: $('login-user').value, password: $('login-password').value });
    $('login-password').value = '';
    enter(answer);
  } catch (error) {
    refuse(error.message);
    $('login-password').select();
  } finally {
    submitter.disabled = false;
  }
}

async function logout() {
  await api.remove('/sessions').catch(() => {});
  location.reload();
}

// The page asks the host all the time, so it is the page that has to see that nobody is there.
async function watch() {
  if (!user || waiting) return;
  if (Date.now() - asked > 60e3) {
    asked = Date.now(); // the setting may be another one by now
    idle = (await api.get('/sessions').catch(() => ({}))).idle_seconds ?? idle;
  }
  if (waiting || !idle || Date.now() - used < idle * 1e3) return;
  const done = login(`You were logged out after ${duration(idle)} without a key or a click. What you have typed is still there.`);
  await api.remove('/sessions').catch(() => {});
  await done;
}

// Comes back when somebody is logged in.
export async function start() {
  $('login-form').addEventListener('submit', submit);
  $('login').addEventListener('cancel', (event) => event.preventDefault());
  $('logout').addEventListener('click', logout);
  for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => { used = Date.now(); }, { passive: true });
  setInterval(watch, 5000);
  api.hooks.login = () => login('Your session has ended. Log in again; what you have typed is still there.');
  for (;;) {
    try {
      const now = await api.get('/sessions');
      if (now.open) toast('Development image: root may log in without a password. Set one.');
      if (now.user) return enter(now);
      await login('');
      return;
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, 3000); });
    }
  }
}
