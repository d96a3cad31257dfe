// SPDX-License-Identifier: Apache-2.0
// Requests to /api/v1: this page is a client like any other.

const PREFIX = '/api/v1';

// The host said no. detail is a sentence for people, kind for programs (docs/errors.md).
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The host answered ${status}.`);
    this.status = status;
    this.kind = (problem.type || '').split(':').pop();
  }
}

// The host did not say anything.
export class Unreachable extends Error {
  constructor() {
    super('The host does not answer.');
  }
}

// The host took the request, and says nothing.
export class Silent extends Unreachable {
  constructor(method, path, seconds) {
    super();
    this.message = `The host has not answered for ${seconds} seconds (${method} ${path}). `
      + (method === 'GET' ? 'It is asked again.' : 'It may have done what it was asked for: look before you try again.');
  }
}

// Set by the session: logs in and says whether to try again, and told what became of each request.
// logins counts: what was sent before the last one and is refused has been overtaken by it. role: what the user is.
export const hooks = { login: async () => false, reached: () => {}, lost: () => {}, slow: () => {}, logins: 0, role: null };

// How long to wait, ms: for a read, which is then asked once more; a change, which may be an install; the next sign of a
// stream; and when to say that it takes long.
export const limits = { read: 30e3, change: 30 * 60e3, stream: 50e3, slow: 8e3 };

// The answer, whose headers are there; whoever reads its body calls done() after that, or there is no limit to it.
async function send(method, path, body, type, limit) {
  const headers = { 'X-Requested-With': 'page' };
  if (body !== undefined) headers['Content-Type'] = type || 'application/json';
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  const slow = method === 'GET' ? setTimeout(() => hooks.slow(path), limits.slow) : 0;
  const done = () => { clearTimeout(timer); clearTimeout(slow); hooks.slow(path, true); };
  try {
    const answer = await fetch(PREFIX + path, {
      method, headers, body: body === undefined || type ? body : JSON.stringify(body), signal: stop.signal,
    });
    hooks.reached();
    return { answer, done, ended: () => stop.signal.aborted };
  } catch {
    done();
    if (stop.signal.aborted) throw new Silent(method, path, Math.round(limit / 1000));
    hooks.lost();
    throw new Unreachable();
  }
}

// A read that got no answer is asked once more: a connection may have died without a word.
async function sendAgain(method, path, body, type, limit) {
  const longest = limit ?? (method === 'GET' ? limits.read : limits.change);
  try {
    return await send(method, path, body, type, longest);
  } catch (error) {
    if (!(error instanceof Silent) || method !== 'GET') throw error;
    return send(method, path, body, type, longest);
  }
}

async function problem(answer) {
  let value = {};
  try {
    value = await answer.json();
  } catch { /* what stands between us and the host answered in its own way */ }
  return new Refused(answer.status, value);
}

// The answer. A session that has ended is opened again on the way: a request that was refused for that
// was not carried out, so it is safe to send it once more.
async function exchange(method, path, body, type, limit) {
  for (;;) {
    const { logins } = hooks;
    const sent = await sendAgain(method, path, body, type, limit);
    const { answer } = sent;
    if (answer.ok) return sent;
    const refused = await problem(answer).finally(sent.done);
    if (answer.status !== 401 || path.startsWith('/sessions')) throw refused;
    if (logins === hooks.logins && !await hooks.login()) throw refused;
  }
}

// The same for who reads the body, which may take as long as it likes.
export async function request(method, path, body, type) {
  const { answer, done } = await exchange(method, path, body, type);
  done();
  return answer;
}

async function ask(method, path, body, type, limit) {
  const { answer, done, ended } = await exchange(method, path, body, type, limit);
  try {
    return answer.status === 204 ? null : await answer.json();
  } catch {
    if (ended()) throw new Silent(method, path, Math.round((limit ?? limits.read) / 1000));
    hooks.lost();
    throw new Unreachable();
  } finally {
    done();
  }
}

const query = (params) => {
  const text = new URLSearchParams(params || {}).toString();
  return text ? `?${text}` : '';
};

export const get = (path, params) => ask('GET', path + query(params));
// What the host itself has to ask others for.
export const getSlowly = (path, params) => ask('GET', path + query(params), undefined, undefined, 10 * 60e3);
export const post = (path, body) => ask('POST', path, body ?? {});
export const put = (path, body) => ask('PUT', path, body);
export const patch = (path, body) => ask('PATCH', path, body);
export const remove = (path, params) => ask('DELETE', path + query(params));
export const putBytes = (path, bytes) => ask('PUT', path, bytes, 'application/octet-stream');
export const name = encodeURIComponent;

// null where a host has no such thing (any more): a view then says so, or is left out.
export async function getOrNull(path, params) {
  try {
    return await get(path, params);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

let paths = {};

// What this host can do, of its own description.
export async function learn() {
  paths = (await get('/openapi.json')).paths;
}

const operation = (method, path) => paths[path]?.[method.toLowerCase()];

export const can = (method, path) => Boolean(operation(method, path));

// What each role may (docs/access.md), by the privilege that the host names for each operation.
const MAY = { 'read-only': ['read'], operator: ['read', 'operate'], admin: ['read', 'operate', 'change'] };

const allowed = (op) => (MAY[hooks.role] || []).includes(op['x-visoros-privilege'] || 'read');

// Whether the host knows an operation, and lets this user: "PUT /system/hostname".
export function may(words) {
  const op = operation(...words.split(' '));
  return Boolean(op) && allowed(op);
}

// Of the changes below these paths: 'all', 'some' or 'none' are this user's, or there are none.
export function changes(prefixes) {
  const ops = Object.entries(paths).filter(([path]) => prefixes.some((p) => path === p || path.startsWith(`${p}/`)))
    .flatMap(([, methods]) => Object.entries(methods)).filter(([method]) => /^(post|put|patch|delete)$/.test(method));
  const mine = ops.filter(([, op]) => allowed(op)).length;
  return !ops.length ? 'nothing' : mine === ops.length ? 'all' : mine ? 'some' : 'none';
}

// Whether an operation has a parameter in its body.
export const takes = (method, path, word) => Boolean(operation(method, path)?.requestBody
  ?.content['application/json']?.schema?.properties?.[word]);

// Server-sent events, told one by one until the line breaks, or nothing comes on it: the host sends something every 15 s.
// The browser's own EventSource cannot send headers, and would answer the refusal of a session that has ended with a
// login dialog of its own. opened() is told when the host has taken the request.
export async function events(path, last, signal, tell, opened) {
  const headers = { 'X-Requested-With': 'page', ...(last ? { 'Last-Event-ID': String(last) } : {}) };
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), limits.stream);
  try {
    const answer = await fetch(PREFIX + path, { headers, signal: AbortSignal.any([signal, quiet.signal]) });
    if (!answer.ok) throw await problem(answer);
    opened?.();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), limits.stream);
      const blocks = (text + value).split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
        if (data.length) tell(JSON.parse(data.join('\n')));
      }
    }
  } finally {
    clearTimeout(timer);
  }
}
