// SPDX-License-Identifier: Apache-2.0
// The platform's JSON. A refusal (problem+json) is thrown as a Problem, so that pages can show its reasons.

export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title);
    this.name = 'Problem';
    this.body = body;
    this.reasons = (body.reasons || []).map((reason) => ({repair: [], field: '', ...reason}));
    this.status = body.status;
  }
}

let signedOut = () => {};

/** What to do when the platform no longer knows who asks (401). */
export function onSignedOut(then) {
  signedOut = then;
}

// Of the experiments that were read.
const tags = new WeakMap();

/** The ETag that came with an answer, if one did. */
export const tagOf = (answer) => tags.get(answer);

/** A key for one thing that must not be done twice, however often it is asked for. */
export const onceKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** `tag`: changes only what still is as it was then. `key`: does it once (onceKey()). */
async function ask(method, path, body, {signal, tag, key} = {}) {
  const request = {method, signal, headers: {Accept: 'application/json'}};
  if (tag) request.headers['If-Match'] = tag;
  if (key) request.headers['Idempotency-Key'] = key;
  if (body !== undefined) {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem({status: 0, title: 'The platform does not answer', detail: 'The platform does not answer. Is it still running?'});
  }
  const answer = await response.json().catch((error) => {
    if (error.name === 'AbortError') throw error;
    return {};  // Not every answer has a body.
  });
  if (response.headers.has('ETag')) tags.set(answer, response.headers.get('ETag'));
  if (response.ok) return answer;
  const problem = new Problem({title: `The platform answered ${response.status}`, ...answer, status: response.status});
  if (problem.status === 401 && !path.startsWith('/v1/me') && !path.startsWith('/v1/login')) signedOut();
  throw problem;
}

export const get = (path) => ask('GET', path);
export const post = (path, body, how) => ask('POST', path, body, how);
export const put = (path, body, how) => ask('PUT', path, body, how);

/** All experiments, oldest first. */
export async function experiments() {
  const all = [];
  for (let path = '/v1/experiments'; path;) {
    const page = await get(path);
    all.push(...page.experiments);
    path = page.next ? `/v1/experiments?cursor=${encodeURIComponent(page.next)}` : '';
  }
  return all;
}
