// SPDX-License-Identifier: Apache-2.0
// The plan as a form, in the order in which people decide: what is compared, what the past says, what has to be shown,
// how, and at last the four numbers of which three give the fourth.
import {choiceField, labelled, modelsField, numberField, textField} from './fields.js';
import {h, setText} from './dom.js';
import {count, parse, percent, rounded} from './format.js';
import {guardrailFields} from './guardrails.js';

// The four numbers; `up` is the side to which a computed one is rounded, so that the design stays coherent.
const FOUR = [
  {path: 'customers', label: 'Customers per arm', short: 'Customers', whole: true, up: true, hint: 'base and candidate each'},
  {path: 'effect', label: 'Effect worth having', short: 'Effect', unit: '$', up: true, value: '0.7', hint: 'more revenue per customer'},
  {path: 'power', label: 'Power', short: 'Power', unit: '%', scale: 100, up: false, value: '80', hint: 'chance of “better” if the effect is real'},
  {path: 'alpha', label: 'Significance α', short: 'α', unit: '%', scale: 100, up: true, value: '5', hint: 'chance of “better” if there is no gain'},
];
const NUMBERS = [
  ...FOUR,
  {path: 'mean', label: 'Mean revenue', unit: '$', optional: true, hint: 'to say the effect in %'},
  {path: 'deviation', label: 'Standard deviation', unit: '$', value: '15', hint: 'zeros included'},
  {path: 'skew', label: 'Skew', optional: true, hint: 'of the revenue, where known'},
  {path: 'customers_per_day', label: 'Sampled customers a day', optional: true, hint: 'to say how long it takes'},
  {path: 'longest_days', label: 'Days at most', optional: true, hint: 'refuse what would take longer'},
  {path: 'candidate_deviation', label: 'Deviation under the candidate', unit: '$', optional: true, hint: 'where it is another'},
  {path: 'margin', label: 'Margin to beat', unit: '$', value: '0', hint: '0: any gain counts'},
  {path: 'disagreement.share', label: 'Customers on whom they differ', unit: '%', scale: 100, hint: 'share of all; a dry run measures it'},
  {path: 'disagreement.deviation', label: 'Deviation among these', unit: '$', hint: 'of their revenue'},
  {path: 'disagreement.candidate_deviation', label: 'The same under the candidate', unit: '$', optional: true, hint: 'where it is another'},
  {path: 'correlation', label: 'Correlation with what they spend', value: '0.5', hint: 'expected; 0.5 saves a quarter of the customers'},
  {path: 'harm_alpha', label: 'Chance of a false stop', unit: '%', scale: 100, value: '2.5', hint: 'if the candidate is not worse'},
  {path: 'ratio', label: 'Candidate : base', value: '1', hint: 'customers; 1: halves'},
  {path: 'sampling_share', label: 'Share of customers sampled', unit: '%', scale: 100, value: '100', hint: 'the others get the fallback'},
  {path: 'cap', label: 'Revenue counts up to', unit: '$', optional: true, hint: 'the same in all arms; empty: no cap'},
  {path: 'revenue_cap', label: 'Refuse revenue above', unit: '$', value: '10000', hint: 'of one session, as absurd'},
  {path: 'decision_deadline_ms', label: 'Deadline of a decision', unit: 'ms', whole: true, value: '500', hint: 'then the fallback is executed'},
  {path: 'session_timeout_ms', label: 'A session without an end closes after', unit: 's', scale: 0.001, value: '1800', hint: 'and counts as 0 $'},
];
const TEXTS = [
  {path: 'name', label: 'Name', value: '', needed: 'A name is needed.', hint: 'as it will stand in the reports'},
  {path: 'hypothesis', label: 'Hypothesis', long: true, hint: 'one sentence that could turn out false'},
  {path: 'base.id', label: 'Base', value: 'base', needed: 'A name is needed.', hint: 'what runs today'},
  {path: 'candidate.id', label: 'Candidate', value: 'candidate', needed: 'A name is needed.', hint: 'what has to prove itself'},
  {path: 'base.model_digest', label: 'Base’s model', hint: 'SHA-256 of the file, where known'},
  {path: 'candidate.model_digest', label: 'Candidate’s model', hint: 'SHA-256 of the file, where known'},
];
const FURTHER = {path: 'further_candidates', label: 'Further candidates', most: 6, hint: 'one name a line, where known the SHA-256 of its model behind it; each gets customers of its own'};
const CHOICES = [
  {path: 'fallback_show', label: 'Fallback', value: false, options: [[false, 'Hide the offer'], [true, 'Show it']]},
  {path: 'sides', label: 'Sides', value: 1, options: [[1, 'One-sided'], [2, 'Two-sided']]},
  {path: 'method', label: 'Who is compared', value: 'everybody', options: [
    ['everybody', 'Everybody', 'The ordinary test: all customers of one arm against all of the other.'],
    ['covariate', 'Everybody, adjusted by what they spent before', 'The shop sends “before” with each session. What that foretells of the revenue is taken out: fewer customers are needed.'],
    ['disagreement', 'Only customers on whom the systems differ', 'Both decide for everybody. Where they agree nothing can differ but chance: far fewer customers are needed.'],
    ['dry_run', 'A dry run first', 'Base serves everybody and all decide. Nothing is tested; it measures what the experiment will take.']]},
  {path: 'looks', label: 'Looks', value: 1, options: [[1, 'At the end only'], [5, '5 looks, O’Brien–Fleming']]},
  {path: 'harm', label: 'Stop for harm', value: false, options: [[false, 'No stop for harm'], [true, 'Stop for harm']]},
  {path: 'solve_for', label: 'Solve for', value: 'customers', options: [...FOUR.map(({path, short}) => [path, short]), ['', 'Nothing: check all four']]},
];

const IN_PLAN = ['sampling_share', 'cap', 'revenue_cap', 'decision_deadline_ms', 'session_timeout_ms', 'fallback_show'];
const EACH_ARM = 'each arm: base and every candidate';
const ABOUT_DISAGREEMENT = ['disagreement.share', 'disagreement.deviation', 'disagreement.candidate_deviation'];
const IN_DESIGN = ['customers', 'effect', 'power', 'alpha', 'deviation', 'skew', 'customers_per_day', 'longest_days', 'candidate_deviation', 'margin', 'ratio', 'sides'];

/** onChange is called with whatever was typed or chosen. */
export function planForm(onChange) {
  const changed = () => { adapt(); onChange(); };
  const guardrails = guardrailFields(changed);
  const all = [...guardrails.fields, ...NUMBERS.map((spec) => numberField(spec, changed)), ...TEXTS.map((spec) => textField(spec, changed)), modelsField(FURTHER, changed), ...CHOICES.map((spec) => choiceField(spec, changed))];
  const fields = Object.fromEntries(all.map((field) => [field.path, field]));
  const carried = {};
  const digests = new Map();
  const pair = (...paths) => h('div', {class: 'pair'}, paths.map((path) => fields[path].element));
  const more = (title, ...paths) => h('details', {class: 'more'}, h('summary', {}, title), pair(...paths));
  const step = (number, title, ...content) => h('fieldset', {id: `step-${number}`}, h('legend', {}, h('span', {class: 'step', 'aria-hidden': 'true'}, String(number)), title), content);
  const differing = h('div', {hidden: true}, pair(...ABOUT_DISAGREEMENT.slice(0, 2)), more('Where the deviations differ', ABOUT_DISAGREEMENT[2]));
  const adjusted = h('div', {hidden: true}, pair('correlation'));
  const harm = h('div', {hidden: true}, pair('harm_alpha'));
  const when = h('div', {}, labelled('When it is judged', fields.looks), h('p', {class: 'hint'}, 'Five looks may end it early; they cost a few percent more customers at most.'));
  const safety = h('div', {class: 'apart'}, labelled('Safety', fields.harm), harm);
  const noTest = h('p', {class: 'hint', hidden: true}, 'A dry run tests nothing: there is nothing to look at, and nothing to stop.');
  const solving = h('div', {}, h('p', {class: 'hint'}, 'Any three of customers, effect, power and α give the fourth. Choose the one that is computed.'), fields.solve_for.element);
  const history = h('div', {});

  const element = h('div', {},
    step(1, 'Name and hypothesis', fields.name.element, fields.hypothesis.element),
    step(2, 'The systems', pair('base.id', 'candidate.id'), fields.further_candidates.element, h('div', {class: 'pair'}, fields.decision_deadline_ms.element, labelled('Then, as fallback', fields.fallback_show)), more('Which models exactly', 'base.model_digest', 'candidate.model_digest')),
    step(3, 'What the past says', history, pair('mean', 'deviation', 'skew', 'customers_per_day'), more('More', 'longest_days', 'candidate_deviation')),
    step(4, 'What has to be shown', pair('effect', 'margin', 'power', 'alpha'), fields.sides.element),
    step(5, 'Who is compared', fields.method.element, differing, adjusted),
    step(6, 'Looks, safety, traffic', when, noTest, safety, guardrails.element, pair('ratio', 'sampling_share'), more('Caps and time-outs', 'cap', 'revenue_cap', 'session_timeout_ms')),
    step(7, 'The four numbers', solving, fields.customers.element));

  const further = () => fields.further_candidates.read();
  const solveFor = () => (fields.method.read() === 'dry_run' ? '' : fields.solve_for.read());

  /** Shows what the choices made so far ask for. */
  function adapt() {
    const method = fields.method.read();
    const dry = method === 'dry_run';
    const many = further()?.length !== 0;
    differing.hidden = method !== 'disagreement';
    adjusted.hidden = method !== 'covariate';
    harm.hidden = !fields.harm.read();
    guardrails.adapt();
    safety.hidden = dry;
    when.hidden = dry;
    noTest.hidden = !dry;
    setText(fields.harm_alpha.hint, many ? 'if no candidate is worse, of all together' : 'if the candidate is not worse');
    solving.hidden = dry;
    for (const {path, hint} of FOUR) {
      const computed = path === solveFor();
      fields[path].input.readOnly = computed;
      fields[path].element.classList.toggle('computed', computed);
      setText(fields[path].hint, computed ? 'computed from the other three' : hint);
    }
    if (many) setText(fields.customers.hint, solveFor() === 'customers' ? `computed, ${EACH_ARM}` : EACH_ARM);
    setText(fields.ratio.hint, many ? 'customers, each candidate; 1: all arms alike' : 'customers; 1: halves');
    if (dry) setText(fields.customers.hint, 'of the dry run, all served by base');
    const mean = parse(fields.mean.input.value);
    const effect = parse(fields.effect.input.value);
    if (mean > 0 && effect !== null && solveFor() !== 'effect') setText(fields.effect.hint, `per customer; ${percent(effect / mean)} of the mean`);
  }

  /** The values of these paths by their last names; null where one of them is of no use. */
  function read(paths) {
    const values = {};
    let complete = true;
    for (const path of paths) {
      const value = fields[path].read();
      if (value === undefined) complete = false;
      else if (value !== null) values[path.split('.').at(-1)] = value;
    }
    return complete ? values : null;
  }

  function readDesign() {
    const method = fields.method.read();
    const dry = method === 'dry_run';
    // A dry run is there to measure the deviation.
    const unknown = dry && fields.deviation.input.value.trim() === '' ? 'deviation' : solveFor();
    const given = IN_DESIGN.filter((path) => path !== unknown);
    const design = read(given);
    const disagreement = method === 'disagreement' ? read(ABOUT_DISAGREEMENT) : {};
    const covariate = method === 'covariate' ? read(['correlation']) : {};
    const others = further();
    const guarded = guardrails.read();
    if (!design || !disagreement || !covariate || !others || !guarded) return null;
    const stop = fields.harm.read() && !dry ? read(['harm_alpha']) : {};
    if (!stop) return null;
    return {...design, ...stop, ...covariate, covariate: method === 'covariate', candidates: 1 + others.length, guardrails: guarded, dry_run: dry, looks: dry ? 1 : fields.looks.read(),
      ...(method === 'disagreement' ? {disagreement} : {})};
  }

  return {
    element, fields, history, solveFor, adapt,
    /** The design's numbers, without the one solved for; null while one of them is of no use. */
    readDesign,
    /** The plan around the design; null while something is missing. */
    readPlan() {
      const plan = read(IN_PLAN);
      const named = read(['name', 'hypothesis']);
      const base = read(['base.id', 'base.model_digest']);
      const candidate = read(['candidate.id', 'candidate.model_digest']);
      const others = further();
      if (!plan || !named || !base || !candidate || !others) return null;
      return {...carried, ...named, ...plan, base, candidate, further_candidates: others.map(({id, model_digest: digest}) => ({id, model_digest: digest || (digests.get(id) ?? '')}))};
    },
    /** The field of a reason or repair of the API; undefined where it has none. */
    fieldOf: (name) => fields[guardrails.pathOf(name.replace(/^design\./, ''))],
    /** Whether the numbers of the plan can be read (names aside). */
    numbersComplete: () => read(IN_PLAN) !== null,
    setSolved(value) {
      const {path, up, scale = 1, whole} = FOUR.find((spec) => spec.path === solveFor());
      fields[path].set(whole ? value : rounded(value * scale, up) / scale);
    },
    /** Fills a design in, as an experiment or a forecast has it. */
    setDesign(design) {
      for (const path of IN_DESIGN) fields[path].set(design[path]);
      for (const path of ABOUT_DISAGREEMENT) fields[path].set(design.disagreement?.[path.split('.')[1]]);
      fields.method.set(design.dry_run ? 'dry_run' : design.disagreement ? 'disagreement' : design.covariate ? 'covariate' : 'everybody');
      if (design.covariate) fields.correlation.set(design.correlation);
      fields.harm.set(design.harm_alpha > 0);
      if (design.harm_alpha > 0) fields.harm_alpha.set(design.harm_alpha);
      guardrails.set(design.guardrails);
      addLooks(design.looks);
      fields.solve_for.set('');
      adapt();
    },
    setPlan(experiment) {
      for (const path of [...IN_PLAN, 'name', 'hypothesis']) fields[path].set(experiment[path]);
      for (const system of ['base', 'candidate']) for (const part of ['id', 'model_digest']) fields[`${system}.${part}`].set(experiment[system][part]);
      fields.further_candidates.set(experiment.further_candidates);
      // What a plan calls a model by anything but a SHA-256 stays with its candidate.
      for (const {id, model_digest: digest} of experiment.further_candidates) digests.set(id, digest);
      carried.environment = experiment.environment;
      carried.salt = experiment.salt;
    },
    setHistory({mean, deviation, skew, customers_per_day}) {
      fields.mean.set(mean === null ? null : Number(mean.toFixed(2)));
      fields.deviation.set(Number(deviation.toFixed(2)));
      fields.skew.set(skew === null || skew === undefined ? null : Number(skew.toFixed(2)));
      fields.customers_per_day.set(customers_per_day === null ? null : Math.floor(customers_per_day));
      changed();
    },
  };

  // A number of looks that the page does not offer stays what it was.
  function addLooks(looks) {
    if (looks !== 1 && looks !== 5) {
      const other = choiceField({...CHOICES.find(({path}) => path === 'looks'), options: [[1, 'At the end only'], [5, '5 looks, O’Brien–Fleming'], [looks, `${count(looks)} looks`]], value: looks}, changed);
      fields.looks.element.replaceWith(other.element);
      fields.looks = other;
    }
    fields.looks.set(looks);
  }
}
