// SPDX-License-Identifier: Apache-2.0
// The areas of the page, in their order. One is left out on a host that does not know what it needs.

import { can } from './api.js';

const all = [
  ['Host', [
    ['overview', 'Overview', '/system/hardware'],
    ['hardware', 'Hardware', '/system/hardware'],
    ['memory', 'Memory', '/system/ramdisks'],
    ['pools', 'Pools', '/sched/groups'],
    ['services', 'Services', '/system/services'],
  ]],
  ['Watch', [
    ['events', 'Events and alarms', '/system/events'],
    ['tasks', 'Tasks', '/system/tasks'],
    ['logs', 'Logs', '/system/logs/{name}'],
    ['support', 'Support', '/system/support'],
  ]],
  ['Change', [
    ['bundles', 'Bundles', '/bundles'],
    ['profile', 'Profile and depots', '/profile'],
    ['storage', 'Boot medium', '/system/boot'],
    ['network', 'Network', '/network/ipv4'],
    ['users', 'Users', '/accounts/{user}/password'],
    ['settings', 'Settings', '/system/settings'],
    ['history', 'State', '/system/state/status'],
  ]],
];

// [[group, [[name, title]]]] of this host.
export const views = () => all.map(([group, list]) => [group, list.filter(([, , path]) => can('GET', path))]);
