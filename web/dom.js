// SPDX-License-Identifier: Apache-2.0
// Builds elements. Text is always text: nothing here parses HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** Children as append() takes them: lists are flattened, nothing stays nothing. */
const present = (children) => children.flat(2).filter((child) => child !== null && child !== undefined && child !== false);

/** Replaces what an element holds. */
export const put = (element, ...children) => element.replaceChildren(...present(children));

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...present(children));
  return element;
}

/** h('p', {class: 'note', onclick: f}, 'text', child, …) */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Sets the text only where it differs, so that a selection or a screen reader is not disturbed. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Says something to screen readers, once. */
export function announce(text) {
  setText(document.getElementById('announcer'), text);
}

/** Calls draw(width) now and whenever the element's width has changed. */
export function drawToWidth(element, draw) {
  let width = 0;
  const redraw = () => {
    const now = Math.round(element.clientWidth);
    if (now > 0 && now !== width) draw((width = now));
  };
  new ResizeObserver(redraw).observe(element);
  redraw();
  return () => width > 0 && draw(width);
}
