// SPDX-License-Identifier: Apache-2.0
// Several candidates side by side: what each changes and, at the end, its verdict against base. One of them is chosen:
// the drawings beneath are of that one.
import {h, put} from './dom.js';
import {choiceField, labelled} from './fields.js';
import {gain, percent, shareOf} from './format.js';
import {leadingOf, several} from './systems.js';

const whole = ({agree, add, remove}) => agree + add + remove;

const name = ({system, id}, winner) => h('th', {scope: 'row'}, h('span', {class: `key key-${system}`}, id),
  system === winner ? [' ', h('span', {class: 'tag tag-winner'}, 'Take this one')] : null);

function said({verdict: {word, kind, figures}}) {
  return [h('td', {class: `said verdict-${kind.replaceAll('_', '-')}`}, word),
    h('td', {}, figures ? [gain(figures.estimate), h('small', {}, `${gain(figures.lower)} to ${gain(figures.upper)}`)] : '–')];
}

const ends = (which, each, all) => `Each ${which} holds with ${percent(1 - each)}, all of them together with ${percent(1 - all)}.`;

export function candidatesTable({candidates, winner, verdict, experiment}) {
  const judged = verdict.final && !experiment.design.dry_run;
  const level = candidates.find((each) => each.verdict.figures)?.verdict.figures.level;
  // Before the end nobody is told who is ahead.
  const beside = judged ? 'wide' : null;
  const heads = judged ? ['Verdict', 'Gain per customer'] : [];
  return [h('table', {class: 'compare candidates'}, h('caption', {class: 'visually-hidden'}, 'The candidates, each against base'),
    h('thead', {}, h('tr', {}, ['Candidate', ...heads].map((title) => h('th', {scope: 'col'}, title)), ['Adds the offer', 'Removes it'].map((title) => h('th', {scope: 'col', class: beside}, title)))),
    h('tbody', {}, candidates.map((each) => h('tr', {'data-system': each.system}, name(each, winner), judged ? said(each) : null,
      ['add', 'remove'].map((kind) => h('td', {class: beside}, shareOf(each.agreement[kind], whole(each.agreement)))))))),
    level ? h('p', {class: 'hint'}, ends(verdict.harmed ? 'end' : 'lower end', level, verdict.harmed ? experiment.design.harm_alpha : experiment.design.alpha / experiment.design.sides)) : null];
}

/** Which candidate is drawn; `onChange` is called when another one has been chosen. */
export function candidatesChoice(onChange) {
  const element = h('div', {class: 'apart'});
  let field = null;
  let picked = null;

  /** Until somebody chooses, the one that the verdict is about; before the end the first. */
  function chosen(progress) {
    const {candidates, verdict} = progress;
    return candidates.find(({system}) => system === picked) ?? (verdict.final ? leadingOf(progress) : candidates[0]);
  }

  function update(progress) {
    if (!several(progress.experiment)) return;
    if (field === null) {
      field = choiceField({path: 'drawn', label: 'Drawn below', options: progress.candidates.map(({system, id}) => [system, id]), value: null},
        () => { picked = field.read(); onChange(); });
      put(element, labelled('Drawn below, against base', field));
    }
    field.set(chosen(progress).system);
  }

  return {element, chosen, update};
}
