// SPDX-License-Identifier: Apache-2.0
// Numbers and times for people.

export function size(bytes) {
  if (bytes === null || bytes === undefined) return '';
  if (bytes < 0) return 'no limit';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (bytes >= 1024 && i < units.length - 1) { bytes /= 1024; i++; }
  return (i === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)) + ' ' + units[i];
}

// Fixed width of a kind: a list of them can be compared at a glance.
export function duration(seconds) {
  const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24, m = Math.floor(seconds / 60) % 60;
  return d ? `${d} d ${h} h` : h ? `${h} h ${m} min` : `${m} min ${Math.floor(seconds % 60)} s`;
}

export const percent = (share) => (share === null ? '' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`);

// The host tells times in UTC; they are shown so, for logs and other hosts have the same.
export const time = (text) => (text ? text.replace('T', ' ').replace(/\.\d+/, '').replace('Z', '') : '');

export const clock = (date) => date.toTimeString().slice(0, 8);

export const count = (n, one, many) => `${n} ${n === 1 ? one : many || one + 's'}`;
