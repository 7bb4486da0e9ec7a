// SPDX-License-Identifier: Apache-2.0
// Who is at the page, and what they may do. A platform without users lets everybody do everything.
import {get, post} from './api.js';

// Each role may do what the ones before it may.
const ROLES = ['viewer', 'analyst', 'owner'];
const EVERYBODY = {name: '', role: 'owner', login: false};
const NOBODY = {name: '', role: '', login: true};

let user = EVERYBODY;

/** Asks the platform; `login` where somebody has to say who they are first. */
export async function whoIsThere() {
  try {
    const {login_required: needed, user: known} = await get('/v1/me');
    user = known ? {...known, login: false} : needed ? NOBODY : EVERYBODY;
  } catch (problem) {
    user = problem.status === 401 ? NOBODY : EVERYBODY;
  }
  return user;
}

export const signIn = (token) => post('/v1/login', {token});
export const signOut = () => post('/v1/logout');

const atLeast = (role) => ROLES.indexOf(user.role) >= ROLES.indexOf(role);

/** Whether the page's user may make, change and validate experiments. */
export const mayPlan = () => atLeast('analyst');
/** Whether they may start, pause, ramp and end them. */
export const mayRun = () => atLeast('owner');
