// SPDX-License-Identifier: Apache-2.0
// A file of this computer, sent in pieces. The host takes it as it comes and keeps nothing of one that is refused.

import * as api from './api.js';

// Gives what the install says; progress is told the share that was sent.
export async function upload(file, options, progress) {
  const up = await api.post('/uploads', { size: file.size, ...options });
  let answer = null;
  for (let at = 0; at < file.size; at += up.piece_max) {
    const piece = file.slice(at, at + up.piece_max);
    answer = await api.putBytes(`/uploads/${up.id}?offset=${at}`, piece);
    progress(Math.min(1, (at + piece.size) / file.size));
  }
  return answer;
}
