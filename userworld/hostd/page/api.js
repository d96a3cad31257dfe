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

// Set by the session: logs in and says whether to try again, and told what became of each request.
// logins counts: what was sent before the last one and is refused has been overtaken by it.
export const hooks = { login: async () => false, reached: () => {}, lost: () => {}, logins: 0 };

async function send(method, path, body, type) {
  const headers = { 'X-Requested-With': 'page' };
  if (body !== undefined) headers['Content-Type'] = type || 'application/json';
  let answer;
  try {
    answer = await fetch(PREFIX + path, {
      method, headers, body: body === undefined || type ? body : JSON.stringify(body),
    });
  } catch {
    hooks.lost();
    throw new Unreachable();
  }
  hooks.reached();
  return answer;
}

async function problem(answer) {
  let value = {};
  try {
    value = await answer.json();
  } catch { /* what stands between us and the host answered in its own way */ }
  return new Refused(answer.status, value);
}

// The answer, of which the caller reads the body. A session that has ended is opened again on the way:
// a request that was refused for that was not carried out, so it is safe to send it once more.
export async function request(method, path, body, type) {
  for (;;) {
    const { logins } = hooks;
    const answer = await send(method, path, body, type);
    if (answer.ok) return answer;
    if (answer.status !== 401 || path.startsWith('/sessions')) throw await problem(answer);
    if (logins === hooks.logins && !await hooks.login()) throw await problem(answer);
  }
}

async function ask(method, path, body, type) {
  const answer = await request(method, path, body, type);
  try {
    return answer.status === 204 ? null : await answer.json();
  } catch {
    hooks.lost();
    throw new Unreachable();
  }
}

const query = (params) => {
  const text = new URLSearchParams(params || {}).toString();
  return text ? `?${text}` : '';
};

export const get = (path, params) => ask('GET', path + query(params));
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

export const can = (method, path) => Boolean(paths[path]?.[method.toLowerCase()]);

// Whether an operation has a parameter in its body.
export const takes = (method, path, word) => Boolean(paths[path]?.[method.toLowerCase()]?.requestBody
  ?.content['application/json']?.schema?.properties?.[word]);

// Server-sent events, told one by one until the line breaks. The browser's own EventSource cannot send
// headers, and would answer the refusal of a session that has ended with a login dialog of its own.
export async function events(path, last, signal, tell) {
  const headers = { 'X-Requested-With': 'page', ...(last ? { 'Last-Event-ID': String(last) } : {}) };
  const answer = await fetch(PREFIX + path, { headers, signal });
  if (!answer.ok) throw await problem(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
      if (data.length) tell(JSON.parse(data.join('\n')));
    }
  }
}
