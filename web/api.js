// SPDX-License-Identifier: Apache-2.0
// The platform's JSON. A refusal (problem+json) is thrown as a Problem, so that pages can show its reasons.

export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title);
    this.name = 'Problem';
    this.body = body;
    this.reasons = body.reasons || [];
    this.status = body.status;
  }
}

async function ask(method, path, body, signal) {
  const request = {method, signal, headers: {Accept: 'application/json'}};
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
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem({title: `The platform answered ${response.status}`, ...answer, status: response.status});
  return answer;
}

export const get = (path) => ask('GET', path);
export const post = (path, body, signal) => ask('POST', path, body, signal);
export const put = (path, body) => ask('PUT', path, body);
