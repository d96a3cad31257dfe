// SPDX-License-Identifier: Apache-2.0
// The management page: a client of /api/v1 like any other. Text from the host
// only ever becomes text nodes.
'use strict';

const $ = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.map((c) => (c instanceof Node ? c : String(c ?? ''))));
  return node;
}

function show(text, good) {
  const box = $(good ? 'banner' : 'problem');
  $('problem').hidden = $('banner').hidden = true;
  box.textContent = text;
  box.hidden = !text;
}

// --- requests ---------------------------------------------------------------

async function api(method, path, body, type) {
  const headers = { 'X-Requested-With': 'page' };
  if (body !== undefined) headers['Content-Type'] = type || 'application/json';
  let answer;
  try {
    answer = await fetch('/api/v1' + path, {
      method, headers, body: body === undefined ? undefined : type ? body : JSON.stringify(body),
    });
  } catch {
    throw new Error('The host does not answer. If hostd restarts, this page goes on by itself.');
  }
  if (answer.status === 204) return null;
  const value = await answer.json();
  if (answer.ok) return value;
  if (answer.status === 401 && !path.startsWith('/sessions')) showLogin();
  throw new Error(value.detail || value.title || answer.statusText);
}

// --- formats ----------------------------------------------------------------

function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (bytes >= 1024 && i < units.length - 1) { bytes /= 1024; i++; }
  return (i === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)) + ' ' + units[i];
}

function duration(seconds) {
  const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24, m = Math.floor(seconds / 60) % 60;
  return d ? `${d} d ${h} h` : h ? `${h} h ${m} min` : `${m} min ${Math.floor(seconds % 60)} s`;
}

const num = (text) => el('td', { class: 'num' }, text);
const wrap = (text) => el('td', { class: 'wrap' }, text);

function table(titles, rows) {
  const side = (i) => (rows[0][i] instanceof Node && rows[0][i].className === 'num' ? 'num' : undefined);
  if (!rows.length) return el('table', {}, el('tbody', {}, el('tr', {}, el('td', {}, 'None'))));
  return el('table', {},
    el('thead', {}, el('tr', {}, ...titles.map((t, i) => el('th', { scope: 'col', class: side(i) }, t)))),
    el('tbody', {}, ...rows.map((cells) => el('tr', {},
      ...cells.map((c) => (c instanceof Node && c.tagName === 'TD' ? c : el('td', {}, c)))))));
}

function bar(used, max) {
  return el('meter', { min: 0, max: max || 1, value: used, high: max * 0.9, optimum: 0,
    'aria-label': `${Math.round(100 * used / (max || 1))} % used` });
}

function fact(title, ...value) {
  return el('dl', { class: 'card' }, el('dt', {}, title), el('dd', {}, ...value));
}

// --- areas ------------------------------------------------------------------

const areas = {
  async overview() {
    const [version, name, uptime, hw, net] = await Promise.all(['/system/version', '/system/hostname',
      '/system/uptime', '/system/hardware', '/network/ipv4'].map((p) => api('GET', p)));
    const used = hw.memory_bytes - hw.memory_available_bytes;
    $('host').textContent = name.hostname;
    document.title = `${name.hostname} - VisorOS`;
    $('facts').replaceChildren(
      fact('Version', `${version.product} ${version.version}`),
      fact('Build', version.build),
      fact('Kernel', version.kernel),
      fact('Uptime', duration(uptime.seconds)),
      fact('Machine', `${hw.vendor} ${hw.model}`.trim() || 'unknown'),
      fact('Processors', `${hw.cpu_count} x ${hw.cpu_model}`),
      fact('Memory', `${size(used)} of ${size(hw.memory_bytes)} used `, bar(used, hw.memory_bytes)));
    $('network').replaceChildren(table(['Name', 'Link', 'Address', 'Netmask', 'Gateway', 'Type', 'MAC'],
      net.map((n) => [n.name, n.link, n.address, n.netmask, n.gateway, n.type, n.mac])));
  },

  async memory() {
    const [ramdisks, tardisks] = await Promise.all([api('GET', '/system/ramdisks'), api('GET', '/system/tardisks')]);
    $('ramdisks').replaceChildren(table(['Name', 'Path', 'Used', '', 'Maximum', 'Peak', 'Files', 'Refused'],
      ramdisks.map((r) => [r.name, r.path, num(size(r.used)), bar(r.used, r.max), num(size(r.max)),
        num(size(r.peak)), num(`${r.used_inodes} of ${r.max_inodes}`), num(r.full_events)])));
    $('tardisks').replaceChildren(table(['Name', 'Order', 'Residency', 'Size', 'Compressed', 'In memory', 'Files', 'Changed since'],
      tardisks.map((t) => [t.name, num(t.order), t.residency, num(size(t.size)), num(size(t.packed)), num(size(t.memory)),
        num(t.files), num(t.branches)])));
  },

  async bundles() {
    const list = await api('GET', '/bundles');
    $('bundle-list').replaceChildren(table(['Name', 'Version', 'Vendor', 'Acceptance', 'Installed', 'Tardisks', ''],
      list.map((b) => [b.name, b.version, b.vendor, b.acceptance, b.install_date || 'with the image', wrap(b.tardisks.join(', ')),
        b.type === 'base' ? '' : el('button', { type: 'button', onclick: (ev) => removeBundle(ev.target, b.name) }, 'Remove')])));
  },

  async services() {
    const list = await api('GET', '/system/services');
    const state = (s) => el('span', { class: s.state === 'running' || s.state === 'done' ? 'good'
      : s.state === 'failed' ? 'bad' : 'warn' }, s.state);
    const button = (s, verb, title) => el('button', { type: 'button',
      onclick: (ev) => act(ev.target, () => api('POST', `/system/services/${s.name}/${verb}`), `Service ${s.name}: ${verb} done`) }, title);
    $('service-list').replaceChildren(table(['Name', 'State', 'Process', 'Restarts', 'Essential', 'Pool', ''],
      list.map((s) => [s.name, state(s), num(s.pid || ''), num(s.restarts), s.essential ? 'yes' : 'no', wrap(s.pool),
        s.pid ? el('span', {}, button(s, 'restart', 'Restart'), ' ', button(s, 'stop', 'Stop')) : button(s, 'start', 'Start')])));
  },

  async log() {
    const box = $('log-lines'), word = $('log-filter').value.toLowerCase();
    const { lines } = await api('GET', '/system/logs/vmkernel?lines=500');
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    box.textContent = lines.filter((l) => l.toLowerCase().includes(word)).join('\n');
    if (atEnd) box.scrollTop = box.scrollHeight;
  },

  async events() {
    const list = await api('GET', '/system/events?limit=200');
    const level = (e) => el('span', { class: { error: 'bad', warning: 'warn' }[e.severity] }, e.severity);
    $('event-list').replaceChildren(table(['Time', 'Severity', 'Id', 'What'],
      list.map((e) => [e.time, level(e), e.id, wrap(e.text)])));
  },
};

// --- actions ----------------------------------------------------------------

async function act(button, work, done) {
  button.disabled = true;
  try {
    await work();
    if (done)
      show(done, true);
  } catch (error) {
    show(error.message);
  } finally {
    button.disabled = false;
    refresh();
  }
}

function removeBundle(button, name) {
  if (confirm(`Remove bundle ${name}? Its services stop and its files disappear.`))
    act(button, () => api('DELETE', `/bundles/${encodeURIComponent(name)}`), `Bundle ${name} was removed`);
}

async function upload(file) {
  const bar = $('install-progress');
  const up = await api('POST', '/uploads', { size: file.size });
  let answer = up;
  bar.hidden = false;
  try {
    for (let at = 0; at < file.size; at += up.piece_max) {
      const piece = file.slice(at, at + up.piece_max);
      answer = await api('PUT', `/uploads/${up.id}?offset=${at}`, piece, 'application/octet-stream');
      bar.value = Math.min(1, (at + piece.size) / file.size);
    }
  } finally {
    bar.hidden = true;
    bar.value = 0;
  }
  return answer;
}

async function login(event) {
  event.preventDefault();
  try {
    await api('POST', '/sessions', { user: $('login-user').value, password: $('login-password').value });
    $('login-password').value = '';
    show('');
    start();
  } catch (error) {
    show(error.message);
  }
}

async function logout() {
  await api('DELETE', '/sessions').catch(() => {});
  showLogin();
}

async function power(what) {
  const reason = prompt(what === 'reboot' ? 'Restart the host. Reason for the log:' : 'Shut the host down. Reason for the log:');
  if (!reason) return;
  try {
    await api('POST', `/system/${what}`, { reason });
    show(what === 'reboot' ? 'The host restarts.' : 'The host shuts down.', true);
  } catch (error) {
    show(error.message);
  }
}

// --- the page itself --------------------------------------------------------

let timer, lost = false;

function showLogin() {
  clearTimeout(timer);
  $('app').hidden = $('logout').hidden = true;
  $('login').hidden = false;
  $('user').textContent = '';
  $('login-password').focus();
}

function area() {
  const name = location.hash.slice(1);
  return areas[name] ? name : 'overview';
}

async function refresh() {
  const name = area();
  clearTimeout(timer);
  for (const section of document.querySelectorAll('#app section')) section.hidden = section.id !== name;
  for (const link of document.querySelectorAll('nav a'))
    link.getAttribute('href') === '#' + name ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  try {
    await areas[name]();
    if (lost) show('');
    lost = false;
  } catch (error) {
    lost = true;
    show(error.message);
  }
  // Logging in again starts the clock anew; a hidden page asks for nothing.
  if (!$('app').hidden) timer = setTimeout(() => (document.hidden ? undefined : refresh()), name === 'log' ? 3000 : 5000);
}

async function start() {
  let who;
  try {
    who = await api('GET', '/sessions');
  } catch (error) {
    show(error.message);
    timer = setTimeout(start, 3000);
    return;
  }
  if (who.open) show('Development image: root may log in without a password. Set one.', true);
  if (!who.user) return showLogin();
  $('user').textContent = who.user;
  $('login').hidden = true;
  $('app').hidden = $('logout').hidden = false;
  refresh();
}

$('login-form').addEventListener('submit', login);
$('logout').addEventListener('click', logout);
$('install-form').addEventListener('submit', (event) => {
  event.preventDefault();
  act(event.submitter, async () => {
    const { message, installed } = await upload($('install-file').files[0]);
    show(`${installed.join(', ')}: ${message}`, true);
  });
});
$('log-filter').addEventListener('input', refresh);
for (const button of document.querySelectorAll('[data-power]'))
  button.addEventListener('click', () => power(button.dataset.power));
addEventListener('hashchange', refresh);
document.addEventListener('visibilitychange', () => { if (!document.hidden && !$('app').hidden) refresh(); });
start();
