// SPDX-License-Identifier: Apache-2.0
// The areas of the page, in their order: what each must be able to read, and below which paths its changes are.
// One is left out on a host that does not know what it needs.

import { can, may } from './api.js';

const all = [
  ['Host', [
    ['overview', 'Overview', '/system/hardware', ['/system/reboot', '/system/shutdown', '/system/maintenance']],
    ['hardware', 'Hardware', '/system/hardware', []],
    ['memory', 'Memory', '/system/ramdisks', ['/system/ramdisks']],
    ['pools', 'Pools', '/sched/groups', ['/sched']],
    ['services', 'Services', '/system/services', ['/system/services']],
  ]],
  ['Watch', [
    ['events', 'Events and alarms', '/system/events', ['/system/alarms']],
    ['tasks', 'Tasks', '/system/tasks', ['/system/tasks']],
    ['logs', 'Logs', '/system/logs/{name}', []],
    ['support', 'Support', '/system/support', []],
  ]],
  ['Change', [
    ['bundles', 'Bundles', '/bundles', ['/bundles', '/uploads', '/refused-bundles']],
    ['profile', 'Profile and depots', '/profile', ['/profile', '/sources']],
    ['storage', 'Boot medium', '/system/boot', ['/system/boot']],
    ['network', 'Network', '/network/ipv4', ['/network', '/system/hostname', '/system/ntp']],
    ['firewall', 'Firewall', '/network/firewall', ['/network/firewall']],
    ['users', 'Users and access', '/system/lockdown', ['/accounts', '/account', '/permissions', '/tokens', '/system/lockdown', '/system/certificate']],
    ['settings', 'Settings', '/system/settings', ['/system/settings', '/system/syslog']],
    ['history', 'State', '/system/state/status', ['/system/state']],
  ]],
];

// [[group, [[name, title, path, changes]]]] that this host has and this user may look at.
export const views = () => all.map(([group, list]) => [group, list.filter(([, , path]) => may(`GET ${path}`))]);

// Titles of those that the host has, and this user may not look at.
export const denied = () => all.flatMap(([, list]) => list).filter(([, , path]) => can('GET', path) && !may(`GET ${path}`))
  .map(([, title]) => title);
