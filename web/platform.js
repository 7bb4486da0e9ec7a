// SPDX-License-Identifier: Apache-2.0
// What the platform says of itself. It does not change while it runs, so that it is asked once.
import {get} from './api.js';

let answer = null;

/** {transport, durable_transport, addresses, study}; asked again after it could not be had. */
export function platform() {
  answer ??= get('/v1/platform').catch((problem) => {
    answer = null;
    throw problem;
  });
  return answer;
}
