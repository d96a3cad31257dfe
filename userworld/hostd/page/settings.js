// SPDX-License-Identifier: Apache-2.0
// Advanced settings: numbers and texts with names, their ranges, and what each has by itself.

import * as api from './api.js';
import { act, confirm } from './dialog.js';
import { button, el, field, note, section } from './dom.js';
import { Form } from './form.js';
import { Table } from './table.js';

const again = () => dispatchEvent(new Event('refresh'));

async function changeText(setting, target) {
  const input = el('textarea', { rows: 6, maxlength: setting.max });
  input.value = setting.string_value;
  if (!await confirm(setting.option, [el('p', {}, setting.description), field('Text', input)], 'Change')) return;
  await act(target, () => api.put('/system/settings', { option: setting.option, string: input.value }),
    `${setting.option} was changed`);
  again();
}

async function change(setting, target) {
  if (setting.type === 'string') {
    await changeText(setting, target);
    return;
  }
  const input = el('input', { type: 'number', min: setting.min, max: setting.max, step: 1, value: setting.value, required: true });
  const standard = button(`Default (${setting.default})`, () => { input.value = setting.default; });
  if (!await confirm(setting.option, [el('p', {}, setting.description),
    el('div', { class: 'row' }, field(`Value, ${setting.min} to ${setting.max}`, input), standard)], 'Change')) return;
  await act(target, () => api.put('/system/settings', { option: setting.option, value: Number(input.value) }),
    `${setting.option} is ${input.value}`);
  again();
}

function logForm() {
  const hosts = el('input', { name: 'hosts', autocomplete: 'off', spellcheck: 'false', placeholder: 'tls://HOST:6514' });
  return new Form({ hosts }, [field('Hosts that the log is sent to', hosts, 'udp://, tcp:// or tls://HOST:PORT, with commas between; '
    + 'empty: none')], (values) => api.patch('/system/syslog', values), 'The log goes to other hosts, at once and for later starts.',
  'PATCH /system/syslog');
}

export default function settings() {
  const filter = el('input', { type: 'search', autocomplete: 'off', oninput: () => draw() });
  const log = logForm();
  const table = new Table('Settings', [
    { title: 'Option', value: (s) => s.option },
    { title: 'Value', value: (s) => (s.type === 'string' ? s.string_value : s.value), num: true },
    { title: 'Default', value: (s) => (s.type === 'string' ? s.default_string : s.default), num: true },
    { title: 'Range', value: (s) => (s.type === 'string' ? `up to ${s.max} bytes` : `${s.min} to ${s.max}`) },
    { title: 'What it does', value: (s) => s.description, wrap: true },
    { actions: (s) => [['Change …', change, { 'aria-label': `Change ${s.option}`, needs: 'PUT /system/settings' }]] },
  ], (s) => s.option, 'No such settings.');
  const targets = new Table('Log hosts', [
    { title: 'Host', value: (t) => t.target, wrap: true },
    { title: 'State', value: (t) => t.state },
    { title: 'Sent', value: (t) => t.sent, num: true },
    { title: 'Waiting', value: (t) => t.waiting, num: true },
    { title: 'Dropped', value: (t) => t.dropped, num: true },
    { title: 'Why', value: (t) => t.reason, wrap: true },
  ], (t) => t.target, 'The log is not sent anywhere.');
  let list = [];
  const draw = () => table.show(list.filter((s) => `${s.option} ${s.description}`.toLowerCase().includes(filter.value.toLowerCase())));
  return {
    node: el('div', {}, section('Advanced', el('div', { class: 'row' }, field('Show those with', filter)), table.node),
      section('Log', log.node, targets.node, note('Sizes of the logs: "system syslog config logger set" of visorcli.'))),
    async refresh() {
      const [all, syslog, remote] = await Promise.all(['/system/settings', '/system/syslog', '/system/syslog/targets'].map((path) => api.get(path)));
      list = all;
      draw();
      log.show({ hosts: Array.isArray(syslog.hosts) ? syslog.hosts.join(',') : syslog.hosts });
      targets.show(remote);
    },
  };
}
