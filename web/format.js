// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them, and back.

const counts = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

export const count = (value) => counts.format(value);

/** 0.7 → "0.70 $". */
export function money(value, decimals = 2) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return `${withMinus(value.toFixed(decimals))}\u00a0$`;
}

/** 0.7 → "+0.70 $". */
export function gain(value, decimals = 2) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return (Number(value.toFixed(decimals)) > 0 ? '+' : '') + money(value, decimals);
}

const withMinus = (text) => (Number(text) === 0 ? text.replace('-', '') : text.replace('-', '\u2212'));

/** 0.8 → "80 %", 0.0512 → "5.1 %", 0.00004 → "<0.1 %". */
export function percent(share, decimals = 1) {
  if (share === null || share === undefined || !Number.isFinite(share)) return '–';
  const least = 10 ** -(decimals + 2);
  if (share > 0 && share < least / 2) return `<${least * 100}\u00a0%`;
  if (share < 1 && share > 1 - least / 2) return `>${100 - least * 100}\u00a0%`;
  return `${Number((share * 100).toFixed(decimals))}\u00a0%`;
}

/** A power as it was reached: never rounded up to what it is not. */
export const reached = (share) => percent(Math.floor(share * 1000 + 1e-6) / 1000);

/** "the systems differ" → "The systems differ". */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** ["A", "B", "C"] → "A, B and C". */
export const listed = (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

export const shareOf = (part, whole) => (whole > 0 ? percent(part / whole) : '–');

/** Four significant digits, rounded towards the side on which a design stays coherent. */
export function rounded(value, up) {
  if (value === 0 || !Number.isFinite(value)) return value;
  const scale = 10 ** (3 - Math.floor(Math.log10(Math.abs(value))));
  const scaled = value * scale;
  const nearest = Math.round(scaled);
  if (Math.abs(scaled - nearest) < 1e-6) return nearest / scale;
  return (up ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
}

/** "5,679", "5 679", "0.7", "0,7" → a number; null where it is none. */
export function parse(text, whole = false) {
  let plain = text.replace(/[\s\u00a0$%]/g, '');
  if (whole || /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replace(/,/g, '');
  plain = plain.replace(',', '.').replace('\u2212', '-');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) && (!whole || Number.isInteger(value)) ? value : null;
}

export const milliseconds = (value) =>
  value === null || value === undefined ? '–' : value >= 1000 ? `${(value / 1000).toFixed(1)}\u00a0s` : `${value < 10 ? value.toFixed(1) : Math.round(value)}\u00a0ms`;

export const dateTime = (iso) => (iso ? new Date(iso).toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'}) : '–');
