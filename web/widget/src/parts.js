// The pieces of a reply: cards, a question with its answers, chips, a comparison, the cart, text with claims. Each function returns an element and keeps no state.
// ui is the panel's side: t (words), lang(), tap(tap, label), show(card), pick(card, index), title(id), known cards by id.

import { h, icon, roving, safe } from './dom.js';

const count = (t, n) => h('span', { class: 'n', 'aria-label': t('fits', { n }) }, String(n));

// prose is a reply's text with each claim as a button that names its source. The claims of a text are one Tab stop.
export function prose(ui, text = '', claims = []) {
  const p = h('p', { class: 'text' });
  const note = h('p', { class: 'source', role: 'status' });
  let at = 0;
  for (const c of [...claims].sort((a, b) => a.start - b.start)) {
    if (!(c.start >= at && c.end > c.start && c.end <= text.length)) continue; // offsets that do not fit this text prove nothing
    const source = ui.t('source', { what: ui.column(c), when: ui.when(c.time) });
    const tell = () => note.replaceChildren(note.textContent === source ? '' : source);
    const press = (e) => /^( |Enter)$/.test(e.key) && (e.preventDefault(), tell());
    // A real button would not break over lines with the text around it.
    p.append(text.slice(at, c.start), h('span', { role: 'button', tabindex: 0, class: 'claim', title: source, onclick: tell, onkeydown: press }, text.slice(c.start, c.end)));
    at = c.end;
  }
  p.append(text.slice(at));
  return claims.length ? [roving(p, '.claim', true), note] : [p];
}

export function cards(ui, list) {
  const ul = h('ul', { class: 'cards', role: 'list', 'aria-label': ui.t('cards') }, list.map((card, i) => productCard(ui, card, i)));
  return roving(ul, '.name');
}

function productCard(ui, card, index) {
  const { t } = ui;
  const href = safe(card.link);
  const image = safe(card.image);
  const open = () => ui.pick(card, index);
  const picture = h('span', { class: 'pic' }, image && h('img', { src: image, alt: '', loading: 'lazy', width: 96, height: 96 }), h('span', { class: 'no' }, String(index + 1)));
  const rating = card.rating > 0 && h('span', { class: 'stars', role: 'img', 'aria-label': t('stars', { n: card.rating.toFixed(1), m: card.ratings || 0 }) },
    h('b', {}, '★'), ' ' + card.rating.toFixed(1), card.ratings ? h('i', {}, ' (' + card.ratings + ')') : null);
  return h('li', { class: 'card' },
    picture,
    h('div', { class: 'body' },
      h(href ? 'a' : 'span', { class: 'name', href, onclick: open, tabindex: href ? null : 0 }, card.title),
      h('div', { class: 'money' },
        card.was && h('span', { class: 'sr' }, t('now')),
        card.price && h('strong', { class: card.was ? 'sale' : null }, card.price),
        card.was && [h('span', { class: 'sr' }, t('was')), h('s', {}, card.was)],
        rating),
      h('ul', { class: 'why', role: 'list' },
        (card.reasons || []).map((reason) => h('li', {}, icon('check'), reason)),
        card.trade_off && h('li', { class: 'but' }, icon('minus'), card.trade_off)),
      h('div', { class: 'buy' },
        h('span', { class: card.in_stock ? 'stock' : 'stock none' }, t(card.in_stock ? 'in' : 'out')),
        card.in_stock && h('button', { type: 'button', class: 'add', 'aria-label': t('add') + ': ' + card.title,
          onclick: () => ui.tap({ do: 'add', product: card.id, quantity: 1 }, t('add') + ': ' + card.title) }, icon('plus'), t('add')))));
}

// question shows the tappable answers. Where several may be chosen they are toggles, sent together.
export function question(ui, q, said) {
  const { t } = ui;
  const chosen = new Set();
  const done = h('button', { type: 'button', class: 'opt done', hidden: true, onclick: () => {
    const picked = q.options.filter((o) => chosen.has(o));
    const label = picked.map((o) => o.label).join(', ');
    const first = picked[0].tap;
    ui.tap(picked.length === 1 ? first : { ...first, op: 'in', value: picked.map((o) => o.tap.value).flat() }, label);
  } }, t('done'));
  const toggle = (o, button) => {
    chosen.delete(o) || chosen.add(o);
    button.setAttribute('aria-pressed', chosen.has(o));
    done.hidden = !chosen.size;
  };
  const group = h('div', { class: 'opts', role: 'group', 'aria-label': q.text },
    (q.options || []).map((o) => h('button', { type: 'button', class: 'opt', 'aria-pressed': q.multi ? 'false' : null,
      onclick: (e) => (q.multi ? toggle(o, e.currentTarget) : ui.tap(o.tap, o.label)) }, o.label, o.count > 0 && count(t, o.count))),
    h('button', { type: 'button', class: 'opt any', onclick: () => ui.tap({ do: 'no_preference', facet: q.facet }, t('any')) }, t('any')),
    done);
  return h('div', { class: 'ask' },
    q.text && !said.includes(q.text) && h('p', { class: 'text' }, q.text),
    q.why && h('p', { class: 'because' }, q.why),
    roving(group, '.opt', true));
}

export function actions(ui, list) {
  return roving(h('div', { class: 'opts', role: 'group' },
    list.map((a) => {
      const href = safe(a.link); // an address of the shop instead of a tap
      const look = href || a.tap?.do === 'checkout' ? 'opt done' : 'opt';
      return h(href ? 'a' : 'button', href ? { href, class: look } : { type: 'button', class: look, onclick: () => ui.tap(a.tap, a.label) }, a.label, a.count > 0 && count(ui.t, a.count));
    })), '.opt', true);
}

// chips are the need as the server holds it; each can be taken away.
export function chips(ui, state) {
  const { t } = ui;
  const words = (state?.keywords || []).map((value) => ({ facet: 'keywords', value, label: value, hard: true }));
  return [...words, ...(state?.constraints || [])].map((c) => {
    const value = Array.isArray(c.value) ? c.value.join('–') : String(c.value ?? '');
    const label = c.label || [c.facet, c.op === '=' ? '' : c.op, value, c.unit].filter(Boolean).join(' ');
    return h('button', { type: 'button', class: c.hard ? 'chip' : 'chip soft', title: label + (c.hard ? '' : ' · ' + t('nice')), 'aria-label': t('drop') + label,
      onclick: () => ui.tap({ do: 'drop', facet: c.facet, op: c.op, value: c.value, unit: c.unit }, t('drop') + label) },
      h('span', {}, label), icon('close'));
  });
}

export function table(ui, data) {
  const { t } = ui;
  const ids = data.products || [];
  const row = (r) => h('tr', { class: r.differs ? 'differs' : null }, h('th', { scope: 'row' }, r.label), ids.map((_, i) => h('td', {}, (r.cells || [])[i] || '–')));
  const rows = data.rows || [];
  const same = rows.filter((r) => !r.differs);
  return h('div', { class: 'table', role: 'region', tabindex: 0, 'aria-label': t('table') },
    h('table', {},
      h('thead', {}, h('tr', {}, h('td'), ids.map((id) => {
        const card = ui.card(id);
        const image = safe(card?.image);
        return h('th', { scope: 'col' }, image && h('img', { src: image, alt: '', width: 48, height: 48 }), h(safe(card?.link) ? 'a' : 'span', { href: safe(card?.link) }, card?.title || id));
      }))),
      h('tbody', {}, rows.filter((r) => r.differs).map(row), same.length && h('tr', { class: 'rule' }, h('th', { colspan: ids.length + 1, scope: 'colgroup' }, t('same'))), same.map(row))));
}

export function cart(ui, data, actions = []) {
  const { t } = ui;
  const way = actions.some((a) => a.tap?.do === 'checkout'); // the reply brings its own button
  const lines = data.lines || [];
  const change = (line, quantity, label) => ui.tap({ do: quantity > 0 ? 'quantity' : 'remove', product: line.product, variant: line.variant, quantity: quantity || undefined }, label + line.title);
  return h('div', { class: 'cart', role: 'group', 'aria-label': t('cart') },
    h('p', { class: 'head' }, icon('cart'), t('cart'), data.count > 0 && h('span', { class: 'n' }, String(data.count))),
    !lines.length && h('p', { class: 'because' }, t('empty')),
    h('ul', { role: 'list' }, lines.map((line) => h('li', {},
      safe(line.image) && h('img', { src: safe(line.image), alt: '', width: 40, height: 40 }),
      h('span', { class: 'what' }, line.title),
      h('span', { class: 'qty' },
        h('button', { type: 'button', 'aria-label': t('less') + line.title, onclick: () => change(line, line.quantity - 1, t('less')) }, icon('minus')),
        h('span', {}, String(line.quantity)),
        h('button', { type: 'button', 'aria-label': t('more') + line.title, onclick: () => change(line, line.quantity + 1, t('more')) }, icon('plus'))),
      h('strong', {}, line.price || '')))),
    data.total && h('p', { class: 'sum' }, t('total'), h('strong', {}, data.total)),
    lines.length > 0 && !way && h('button', { type: 'button', class: 'primary', onclick: () => ui.tap({ do: 'checkout' }, t('checkout')) }, t('checkout')));
}
