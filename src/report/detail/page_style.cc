// SPDX-License-Identifier: Apache-2.0
#include "report/detail/page_style.h"

namespace report::detail {

const char* const kPageStyle = R"css(:root {
  color-scheme: light dark;
  --paper: #f6f5f1; --panel: #fff; --ink: #1b2321; --quiet: #56615d; --line: #dcdbd3; --hair: #e9e8e1;
  --accent: #0f6b57; --accent-soft: #e2f0eb; --watch: #7a4b00; --watch-soft: #fbeed2;
  --s0: #0f6b57; --s1: #b84a00; --s2: #2565ae; --s3: #a3417f; --s4: #7d6200; --s5: #5a5f9e;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) { :root {
  --paper: #101514; --panel: #181f1d; --ink: #e8ece9; --quiet: #a3afaa; --line: #36413e; --hair: #27302d;
  --accent: #59c9a8; --accent-soft: #16332b; --watch: #f0bd5c; --watch-soft: #362a10;
  --s0: #59c9a8; --s1: #ff9a5c; --s2: #7db4f5; --s3: #ef9bcb; --s4: #dcc04f; --s5: #b3b5f2;
} }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; max-width: 1180px; padding: 1.6rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 var(--sans); font-variant-numeric: tabular-nums; }
h1, h2, h3, h4, p, ul, dl, dd, figure { margin: 0; padding: 0; }
h1 { font-size: 1.25rem; line-height: 1.3; font-weight: 600; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin-bottom: 0.5rem; }
h3 { font-size: 1.05rem; font-weight: 650; margin: 1.3rem 0 0.4rem; overflow-wrap: anywhere; }
h4 { font-size: 0.95rem; font-weight: 650; margin: 1rem 0 0.3rem; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 0.15em; }
p, li { max-width: 74ch; overflow-wrap: anywhere; }
p + p { margin-top: 0.6rem; }
.brand { font-size: 0.85rem; font-weight: 650; color: var(--accent); }
main:focus { outline: none; }
:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; background: var(--panel); padding: 0.5rem 1rem; z-index: 9; }
.skip:focus { left: 0.5rem; top: 0.5rem; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 1.3rem 1.5rem; margin-top: 1.1rem; min-width: 0; }
.advice { background: var(--accent-soft); border-color: transparent; border-left: 5px solid var(--accent); }
.advice h2 { font-size: 0.95rem; color: var(--accent); letter-spacing: 0; }
.advice p { font-size: clamp(1.2rem, 0.9rem + 1.4vw, 1.65rem); line-height: 1.35; font-weight: 500; letter-spacing: -0.01em; max-width: none; }
.warnings { background: var(--watch-soft); border-color: transparent; border-left: 5px solid var(--watch); }
.warnings h2 { font-size: 1rem; color: var(--watch); }
.warnings ul { padding-left: 1.1rem; }
.how { color: var(--quiet); font-size: 0.92rem; margin-bottom: 0.8rem; }
.key { display: flex; flex-wrap: wrap; gap: 0.7rem; margin-top: 1.1rem; }
.key > div { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 0.7rem 0.9rem; min-width: 0; flex: 1 1 15rem; }
.key dt { font-size: 0.84rem; color: var(--quiet); }
.key dd { font-size: 1.35rem; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }
.key dd small { display: block; font-size: 0.82rem; font-weight: 400; color: var(--quiet); line-height: 1.4; margin-top: 0.15rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; margin: 1.3rem 0 0.2rem; font-size: 0.92rem; }
nav a { padding: 0.15rem 0; }
/* Shadows at the sides where there is more to scroll to. */
.scroll { overflow-x: auto; margin: 0.7rem 0; background:
  linear-gradient(to right, var(--panel) 30%, transparent) left / 40px 100% no-repeat local,
  linear-gradient(to left, var(--panel) 30%, transparent) right / 40px 100% no-repeat local,
  radial-gradient(farthest-side at 0 50%, rgb(0 0 0 / 22%), transparent) left / 12px 100% no-repeat scroll,
  radial-gradient(farthest-side at 100% 50%, rgb(0 0 0 / 22%), transparent) right / 12px 100% no-repeat scroll; }
.scroll:focus-visible { outline-offset: -2px; }
table { border-collapse: separate; border-spacing: 0; font-size: 0.84rem; line-height: 1.35; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.35rem; }
caption span { position: sticky; left: 0; display: inline-block; max-width: 84vw; overflow-wrap: anywhere; }
th, td { padding: 0.34rem 0.5rem; text-align: right; border-bottom: 1px solid var(--hair); vertical-align: baseline; white-space: nowrap; }
thead th { font-weight: 600; vertical-align: bottom; border-bottom: 1px solid var(--line); white-space: normal; }
thead small { display: block; font-weight: 400; color: var(--quiet); font-size: 0.93em; }
.t { text-align: left; }
th.t[scope=row] { font-weight: 600; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; max-width: 17rem; }
td.words { white-space: normal; overflow-wrap: anywhere; min-width: 14rem; }
.ranks th.t[scope=row] { position: sticky; left: 0; background: var(--panel); }
tbody tr:hover td { background: var(--hair); }
tr.null th, tr.null td { color: var(--quiet); font-weight: 400; }
td.best { font-weight: 700; color: var(--accent); }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
th[aria-sort=ascending] button::after { content: " ↑"; }
th[aria-sort=descending] button::after { content: " ↓"; }
details { margin-top: 0.7rem; }
summary { cursor: pointer; color: var(--accent); font-weight: 550; width: fit-content; padding: 0.15rem 0; }
figure { margin: 1rem 0 0.4rem; }
figcaption { font-size: 0.88rem; color: var(--quiet); margin-top: 0.35rem; max-width: 74ch; overflow-wrap: anywhere; }
svg { display: block; width: 100%; max-width: 900px; height: auto; font: 12px var(--sans); font-variant-numeric: tabular-nums; }
svg[aria-labelledby*="-n-t"] { display: none; }
.card { border-top: 1px solid var(--line); margin-top: 1.4rem; padding-top: 0.2rem; }
.facts { display: grid; grid-template-columns: minmax(8rem, max-content) minmax(0, 1fr); gap: 0.25rem 1.1rem; font-size: 0.92rem; }
.facts dt { color: var(--quiet); }
.facts dd { overflow-wrap: anywhere; max-width: 74ch; }
code { font-family: var(--mono); font-size: 0.92em; overflow-wrap: anywhere; }
.s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); } .s3 { color: var(--s3); } .s4 { color: var(--s4); } .s5 { color: var(--s5); }
.sq { color: var(--quiet); } .si { color: var(--ink); }
.ax, .lb { stroke: var(--panel); stroke-width: 3px; paint-order: stroke; stroke-linejoin: round; }
.ax { fill: var(--quiet); font-size: 11.5px; } .lb { fill: var(--ink); } .strong { font-weight: 650; }
.note { fill: currentColor; stroke: var(--panel); stroke-width: 3.5px; paint-order: stroke; stroke-linejoin: round; }
.grid { stroke: var(--hair); } .axis, .zero { stroke: var(--quiet); } .zero { stroke-width: 1; }
.mark { stroke: var(--quiet); stroke-dasharray: 2 3; } .mark.strong { stroke: var(--ink); stroke-dasharray: none; stroke-width: 1.4; }
.ln { fill: none; stroke: currentColor; stroke-width: 3; stroke-linejoin: round; }
.ln.thin { stroke-width: 1.4; }
.ln.faint { stroke-width: 1.2; opacity: 0.7; }
.thin.s1, .faint.s1 { stroke-dasharray: 8 3; } .thin.s2, .faint.s2 { stroke-dasharray: 3 3; } .thin.s3, .faint.s3 { stroke-dasharray: 10 3 2 3; } .thin.s4, .faint.s4 { stroke-dasharray: 5 2; } .thin.s5, .faint.s5 { stroke-dasharray: 1 3; }
.guide { fill: none; stroke: currentColor; stroke-dasharray: 4 4; opacity: 0.6; }
.dot { fill: currentColor; stroke: var(--panel); stroke-width: 0.8; }
.whisker { stroke: currentColor; stroke-width: 1.4; } .interval { stroke: currentColor; stroke-width: 2.2; }
.band, .shade { fill: currentColor; opacity: 0.13; } .bar { fill: currentColor; }
@media (max-width: 600px) {
  body { padding: 1rem 0.7rem 3rem; }
  section { padding: 1rem 0.9rem; }
  svg { max-width: 480px; }
  svg[aria-labelledby*="-w-t"] { display: none; }
  svg[aria-labelledby*="-n-t"] { display: block; }
  .key > div { flex-basis: 9.5rem; }
  .key dd { font-size: 1.15rem; }
  .ranks th.t[scope=row] { max-width: 9rem; min-width: 7rem; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: 0.5rem; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --panel: #fff; --ink: #000; --quiet: #444; --line: #bbb; --hair: #ddd;
    --accent: #0f6b57; --accent-soft: #fff; --watch: #7a4b00; --watch-soft: #fff;
    --s0: #0f6b57; --s1: #b84a00; --s2: #2565ae; --s3: #a3417f; --s4: #7d6200; --s5: #5a5f9e; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav, .skip { display: none; }
  section { border: 0; padding: 0.4rem 0; }
  .advice, .warnings { padding-left: 0.9rem; }
  figure, .card, tr, .key > div { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 7.5pt; } th, td { padding: 0.2rem 0.3rem; }
  .ranks table { font-size: 5.6pt; } .ranks th, .ranks td { padding: 0.12rem 0.16rem; } .ranks th.t[scope=row] { min-width: 0; position: static; }
  svg { max-width: 620px; }
}
)css";

const char* const kPageScript = R"js('use strict';
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    const key = (row) => {
      const words = row.cells[column].textContent;
      const value = parseFloat(words.replace(/[,\s]/g, '').replace('−', '-'));
      return 'text' in head.dataset ? words : value;
    };
    button.addEventListener('click', () => {
      const now = head.getAttribute('aria-sort');
      const down = now ? now === 'ascending' : !('up' in head.dataset || 'text' in head.dataset);
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
      const none = (value) => Number.isNaN(value);
      rows.sort(([a], [b]) => none(a) || none(b) ? none(a) - none(b)
        : (typeof a === 'string' ? a.localeCompare(b, 'en', {numeric: true}) : a - b) * (down ? -1 : 1));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}
)js";

}  // namespace report::detail
