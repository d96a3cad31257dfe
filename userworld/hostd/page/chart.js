// SPDX-License-Identifier: Apache-2.0
// A line of the last minutes. A library would be many times these lines.

import { el, setText, svg } from './dom.js';

const POINTS = 120, FEW = 24, WIDTH = 240, HEIGHT = 56;

// Numbers since the page was opened: the host keeps none.
export class Series {
  constructor() {
    this.points = [];
  }

  add(value) {
    this.points.push(value);
    if (this.points.length > POINTS) this.points.shift();
  }
}

// The first two minutes have all of the width; later ones push the line together, until it moves.
function line(points, max) {
  const step = WIDTH / (Math.max(FEW, points.length) - 1), left = WIDTH - (points.length - 1) * step;
  return points.map((p, i) =>
    `${(left + i * step).toFixed(1)},${(HEIGHT - 1 - (HEIGHT - 2) * Math.min(1, p / (max || 1))).toFixed(1)}`);
}

// title, a word for the value of now, and the line of all values from 0 to max.
export class Chart {
  constructor(title) {
    this.value = el('strong', {});
    this.detail = el('span', { class: 'dim' });
    this.area = svg('polygon', { class: 'area' });
    this.line = svg('polyline', { class: 'line' });
    const grid = [0.25, 0.5, 0.75].map((y) => svg('line', { x1: 0, x2: WIDTH, y1: HEIGHT * y, y2: HEIGHT * y, class: 'grid' }));
    this.drawing = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      grid, this.area, this.line);
    this.node = el('figure', { class: 'card chart' },
      el('figcaption', {}, el('span', {}, title), this.value), this.drawing, this.detail);
  }

  show(series, max, value, detail) {
    const points = line(series.points, max);
    setText(this.value, value);
    setText(this.detail, detail || '');
    if (!points.length) return;
    this.line.setAttribute('points', points.join(' '));
    this.area.setAttribute('points',
      `${points[0].split(',')[0]},${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`);
    const last = series.points.at(-1) / (max || 1);
    this.node.dataset.level = last > 0.95 ? 'bad' : last > 0.8 ? 'warn' : 'good';
  }
}
