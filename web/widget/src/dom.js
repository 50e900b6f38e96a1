// The few helpers that build the widget's elements. Text goes in as text nodes only, so nothing from a catalogue or a shopper can become markup.

const SVG = 'http://www.w3.org/2000/svg';

// h builds an element: h('a', {href, class: 'title', onclick: fn}, child, 'text', null).
export function h(tag, props, ...kids) {
  const el = document.createElement(tag);
  for (const key in props) {
    const value = props[key];
    if (value == null || value === false) continue;
    if (key.startsWith('on')) el.addEventListener(key.slice(2), value);
    else el.setAttribute(key, value === true ? '' : value);
  }
  el.append(...kids.flat(9).filter((kid) => kid != null && kid !== false));
  return el;
}

const paths = {
  chat: 'M21 12a8 8 0 0 1-8 8H4l2-3.2A8 8 0 1 1 21 12ZM9 10.5h7M9 14h4.5',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M6 9l6 6 6-6',
  send: 'M5 12h13M12.5 5.5L19 12l-6.5 6.5',
  again: 'M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4.5H9',
  cart: 'M3 4h2.2l2 11.2h10.6L20 7.5H6M9 19.5h.01M16.5 19.5h.01',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  minus: 'M6 12h12',
  plus: 'M6 12h12M12 6v12',
};

// icon draws one of the paths above in the colour of the text around it.
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}

// safe returns an address that may stand in href or src: http, https, or relative to the page. Anything else becomes null, which h leaves out.
export function safe(address) {
  if (!address) return null;
  try {
    const url = new URL(address, document.baseURI);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

// roving lets arrow keys, Home and End move among a group's elements. With tabs, only one of them is a Tab stop.
export function roving(group, selector, tabs) {
  const all = () => [...group.querySelectorAll(selector)];
  const stop = (el) => tabs && el && all().forEach((other) => (other.tabIndex = other === el ? 0 : -1));
  stop(all()[0]);
  group.addEventListener('focusin', (e) => e.target.matches(selector) && stop(e.target));
  group.addEventListener('keydown', (e) => {
    const els = all();
    const at = els.indexOf(e.target);
    if (at < 0) return;
    const rtl = getComputedStyle(group).direction === 'rtl' ? -1 : 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: els.length - 1 }[e.key];
    if (to == null) return;
    e.preventDefault();
    els[Math.max(0, Math.min(to, els.length - 1))].focus();
  });
  return group;
}
