// SPDX-License-Identifier: Apache-2.0
// The form's fields. Each has element, set(value) and read(), which answers the value as the API takes it, null where
// the field is empty, undefined where what was typed is of no use (and says so beneath the field).
import {h, setText} from './dom.js';
import {count, parse} from './format.js';

export const idOf = (path) => path.replace('.', '_');

function framed(id, label, hint, control, error) {
  const hintPlace = h('span', {class: 'hint', id: `${id}-hint`}, hint ?? '');
  return {hint: hintPlace, element: h('div', {class: 'field'}, h('label', {for: id}, label), hintPlace, control, error)};
}

function errorOf(id, input) {
  const place = h('span', {class: 'field-error', id: `${id}-error`});
  return {place, fault(message) {
    setText(place, message || '');
    if (message) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }};
}

/** `scale` is what a person types for 1 of the API's. */
export function numberField({path, label, hint, unit, scale = 1, whole = false, optional = false, value = ''}, onInput) {
  const id = idOf(path);
  const input = h('input', {id, name: id, type: 'text', inputmode: whole ? 'numeric' : 'decimal', autocomplete: 'off', value, 'aria-describedby': `${id}-hint ${id}-error`, oninput: onInput});
  const {place, fault} = errorOf(id, input);
  const box = h('span', {class: 'box'}, input, unit ? h('span', {class: 'unit', 'aria-hidden': 'true'}, unit) : null);
  const field = framed(id, label, hint, box, place);

  function read() {
    fault('');
    const typed = input.value.trim();
    if (typed === '' && optional) return null;
    const number = parse(typed, whole);
    if (number !== null) return scale === 1 ? number : Number((number / scale).toPrecision(12));
    fault(typed === '' ? 'A number is needed.' : whole ? 'A whole number is needed.' : 'This is not a number.');
    return undefined;
  }
  function set(number) {
    const typed = number === null || number === undefined ? '' : whole ? count(number * scale) : String(Number((number * scale).toPrecision(10)));
    input.value = typed;
    fault('');
  }
  return {path, label, input, element: field.element, hint: field.hint, fault, read, set};
}

export function textField({path, label, hint, value = '', needed = '', long = false}, onInput) {
  const id = idOf(path);
  const input = h(long ? 'textarea' : 'input', {id, name: id, type: long ? null : 'text', rows: long ? 2 : null, maxlength: long ? 500 : 100, autocomplete: 'off', 'aria-describedby': `${id}-hint ${id}-error`, oninput: onInput});
  input.value = value;
  const {place, fault} = errorOf(id, input);
  const field = framed(id, label, hint, h('span', {class: 'box'}, input), place);
  // Nobody is blamed for a name that is not typed yet; demand() does that.
  function read() {
    const typed = input.value.trim();
    if (typed) fault('');
    return typed || !needed ? typed : undefined;
  }
  const demand = () => fault(read() === undefined ? needed : '');
  return {path, label, input, element: field.element, hint: field.hint, fault, read, demand, set: (text) => { input.value = text ?? ''; fault(''); }};
}

const kDigest = /^(.*\S)\s+([0-9a-f]{64})$/i;

/** "history-v4 9f86…" → {id, model_digest}; a line without the 64 digits at its end is a name. */
function modelOf(line) {
  const [, id, digest] = kDigest.exec(line) ?? [null, line, ''];
  return {id, model_digest: digest.toLowerCase()};
}

/** Several models, {id, model_digest} each, one a line and each name once; `most` is how many there may be. */
export function modelsField({path, label, hint, most, longest = 100}, onInput) {
  const id = idOf(path);
  const input = h('textarea', {id, name: id, rows: 2, autocomplete: 'off', 'aria-describedby': `${id}-hint ${id}-error`, oninput: onInput});
  const {place, fault} = errorOf(id, input);
  const field = framed(id, label, hint, h('span', {class: 'box'}, input), place);

  function faultOf(models) {
    const names = models.map(({id}) => id);
    if (names.length > most) return `At most ${most} are possible, not ${names.length}.`;
    if (names.some((name) => name.length > longest)) return `A name has at most ${longest} letters.`;
    const twice = names.find((name, i) => names.indexOf(name) < i);
    return twice === undefined ? '' : `“${twice}” stands there twice.`;
  }
  function read() {
    const models = input.value.split('\n').map((line) => line.trim()).filter(Boolean).map(modelOf);
    fault(faultOf(models));
    return faultOf(models) ? undefined : models;
  }
  const set = (models) => {
    input.value = (models ?? []).map(({id, model_digest: digest}) => (kDigest.test(`. ${digest}`) ? `${id} ${digest}` : id)).join('\n');
    fault('');
  };
  return {path, label, input, element: field.element, hint: field.hint, fault, read, set};
}

/** One of several, each [value, title, explanation]. Values are what the API takes. */
export function choiceField({path, label, options, value}, onInput) {
  const id = idOf(path);
  let chosen = value;
  const inputs = options.map(([option]) => h('input', {type: 'radio', name: id, value: String(option), checked: option === value, onchange: () => { chosen = option; onInput(); }}));
  const explained = options.some(([, , explanation]) => explanation);
  const labels = options.map(([, title, explanation], i) => h('label', {class: explained ? 'card' : 'choice'}, inputs[i],
    h('span', {}, explained ? h('strong', {}, title) : title, explanation ? h('small', {}, explanation) : null)));
  const element = h('div', {class: explained ? 'cards' : 'choices', role: 'radiogroup', 'aria-label': label}, labels);
  function set(option) {
    chosen = option;
    options.forEach(([each], i) => { inputs[i].checked = each === option; });
  }
  /** Whether an option may be chosen; one that is chosen stays so. */
  function offer(option, offered) {
    labels[options.findIndex(([each]) => each === option)].hidden = !offered;
  }
  return {path, label, input: inputs[0], element, fault() {}, read: () => chosen, set, offer};
}

/** A choice under its label, as tall as the fields beside it. */
export const labelled = (label, field) => h('div', {class: 'field'}, h('span', {class: 'label', 'aria-hidden': 'true'}, label), field.element);
