// The demo shop's own script: the cart (kept in this browser), the theme switch, filters, and how the shop and the chat work together. A partner's shop would use
// the same calls: daogou('on', …), daogou('setCart', …), daogou('setPage', …).

'use strict';

window.daogou = window.daogou || function () { (daogou.q = daogou.q || []).push(arguments); };
window.dataLayer = window.dataLayer || [];

const KEY = 'shop.cart';
const lang = document.documentElement.lang;
const one = (selector) => document.querySelector(selector);
const all = (selector) => document.querySelectorAll(selector);
const dig = (el, name) => JSON.parse(el.dataset[name]);

// ---- the cart: lines {product, variant, quantity}, and the IDs of chat events that are in it already

function readCart() {
  try {
    const cart = JSON.parse(localStorage.getItem(KEY));
    if (Array.isArray(cart.lines)) return { lines: cart.lines, applied: cart.applied || [] };
  } catch {}
  return { lines: [], applied: [] };
}

// change adds quantity (which may be negative) of a product. An event that is in the cart already changes nothing, whichever tab heard it. It is done when change
// returns: the page may be left the next moment, and waiting for a lock would then lose the item.
function change(product, variant, quantity, event) {
  const cart = readCart();
  if (event) {
    const id = event + ':' + product + ':' + (variant || '');
    if (cart.applied.includes(id)) return;
    cart.applied = [...cart.applied, id].slice(-200);
  }
  const line = cart.lines.find((l) => l.product === product && (l.variant || '') === (variant || ''));
  if (line) line.quantity += quantity;
  else cart.lines.push({ product, variant, quantity });
  cart.lines = cart.lines.filter((l) => l.quantity > 0).slice(0, 100);
  cart.lines.forEach((l) => (l.quantity = Math.min(l.quantity, 99)));
  localStorage.setItem(KEY, JSON.stringify(cart));
  showCart();
}

const count = () => readCart().lines.reduce((n, l) => n + l.quantity, 0);

function showCart() {
  const n = count();
  const badge = one('[data-cart-count]');
  badge.textContent = n;
  badge.hidden = !n;
  daogou('setCart', { count: n, lines: readCart().lines.map((l) => ({ product: l.product, variant: l.variant, title: '', quantity: l.quantity })) });
  if (one('[data-cart]')) drawCart();
}

let toastTimer;
function toast() {
  const el = one('[data-toast]');
  const link = document.createElement('a');
  link.href = '/cart';
  link.textContent = document.body.dataset.viewCart;
  el.replaceChildren(document.body.dataset.added, link);
  el.classList.add('on');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (el.classList.remove('on'), setTimeout(() => el.replaceChildren(), 300)), 4000);
}

// ---- analytics, under the names of GA4

function major(minor, currency) {
  if (!currency) return undefined;
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  return minor / 10 ** digits;
}

const item = (c, quantity) => ({ item_id: c.id, item_name: c.title, item_brand: c.brand, item_category: c.category, price: major(c.minor, c.currency), quantity });

function measure(event, currency, items) {
  const value = items.reduce((sum, i) => sum + (i.price || 0) * (i.quantity || 1), 0);
  dataLayer.push({ ecommerce: null }, { event, ecommerce: { currency, value, items } });
}

function buy(card, quantity, variant) {
  change(card.id, variant?.value, quantity);
  measure('add_to_cart', card.currency, [item(card, quantity)]);
  toast();
}

// ---- the cart page

// A version may cost and look different from the product.
function priced(line, card) {
  const v = card.variants?.find((v) => v.id === line.variant);
  return { minor: v?.minor || card.minor, image: v?.image || card.image, price: v?.price || card.price, label: v?.label };
}

const money = (minor, currency) => currency && new Intl.NumberFormat(lang, { style: 'currency', currency }).format(major(minor, currency));

function make(tag, props, ...kids) {
  const el = Object.assign(document.createElement(tag), props);
  el.append(...kids.filter(Boolean));
  return el;
}

let drawing = 0;
async function drawCart() {
  const root = one('[data-cart]');
  const { lines } = readCart();
  const turn = ++drawing;
  let cards = [];
  if (lines.length) {
    const query = new URLSearchParams([...new Set(lines.map((l) => l.product))].map((id) => ['id', id]));
    try {
      cards = await (await fetch('/cart.json?' + query)).json();
    } catch {
      return;
    }
  }
  if (turn !== drawing) return; // a newer drawing has started
  const byID = new Map(cards.map((c) => [c.id, c]));
  const focus = document.activeElement?.dataset.key;
  one('[data-lines]').replaceChildren(...lines.map((l) => cartLine(l, byID.get(l.product), root.dataset)));
  if (focus) document.querySelector('[data-key="' + CSS.escape(focus) + '"]')?.focus();
  const sums = {}; // currency → lines: amounts of two currencies have no sum
  for (const l of lines) if (byID.get(l.product)?.currency) (sums[byID.get(l.product).currency] ||= []).push(l);
  one('[data-sum]').hidden = !Object.keys(sums).length;
  one('[data-total]').replaceChildren(...Object.entries(sums).map(([currency, own]) =>
    make('span', { textContent: money(own.reduce((sum, l) => sum + priced(l, byID.get(l.product)).minor * l.quantity, 0), currency) })));
  one('[data-empty]').hidden = lines.length > 0 || !one('[data-thanks]').hidden;
  root.hidden = !lines.length;
  root.ariaBusy = 'false';
  one('[data-checkout]').onclick = () => {
    for (const currency in sums) measure('begin_checkout', currency, sums[currency].map((l) => item(byID.get(l.product), l.quantity)));
    localStorage.removeItem(KEY);
    one('[data-thanks]').hidden = false;
    showCart();
    one('[data-thanks]').focus();
  };
}

function cartLine(l, card, words) {
  const key = l.product + '|' + (l.variant || '');
  const button = (text, label, by, name) => {
    const b = make('button', { type: 'button', textContent: text, ariaLabel: label + ': ' + (card?.title || l.product), className: name, onclick: () => change(l.product, l.variant, by) });
    b.dataset.key = key + text;
    return b;
  };
  const out = button(words.takeOut, words.takeOut, -l.quantity, 'plain');
  if (!card) return make('li', { className: 'line' }, make('p', { className: 'what', textContent: words.gone + ' (' + l.product + ')' }), out);
  const unit = priced(l, card);
  const picture = make('a', { className: 'pic', href: card.link, tabIndex: -1, ariaHidden: 'true' }, unit.image && make('img', { src: unit.image, alt: '', width: 96, height: 96 }));
  const what = make('div', { className: 'what' }, make('a', { href: card.link, textContent: card.title }), unit.label && make('p', { className: 'soft', textContent: unit.label }), make('p', { className: 'soft', textContent: unit.price || '' }), out);
  const qty = make('div', { className: 'qty', role: 'group', ariaLabel: words.quantity }, button('−', words.less, -1), make('span', { textContent: l.quantity }), button('+', words.more, 1));
  return make('li', { className: 'line' }, picture, what, qty, make('strong', { textContent: money(unit.minor * l.quantity, card.currency) || '' }));
}

// ---- buttons

document.addEventListener('click', (e) => {
  const el = e.target.closest('[data-add], [data-ask], [data-thumb], [data-theme-switch], [data-select]');
  if (!el) return;
  if (el.dataset.add) buy(dig(el, 'add'), 1);
  else if (el.dataset.thumb) one('[data-shot]').src = el.dataset.thumb;
  else if (el.dataset.select) measure('select_item', dig(el, 'select').currency, [item(dig(el, 'select'))]);
  else if ('themeSwitch' in el.dataset) switchTheme();
  else if (el.dataset.ask) daogou('say', el.dataset.ask);
  else daogou('open');
});

document.addEventListener('submit', (e) => {
  const form = e.target.closest('[data-buy]');
  if (!form) return;
  e.preventDefault();
  const n = Math.max(1, Math.min(99, Number(form.elements.quantity.value) || 1));
  buy(dig(form, 'buy'), n, form.querySelector('[name=variant]:checked'));
});

document.addEventListener('change', (e) => {
  const el = e.target;
  if (el.name === 'variant') {
    if (el.dataset.price && one('[data-price] strong')?.textContent !== el.dataset.price) one('[data-price]').replaceChildren(make('strong', { textContent: el.dataset.price }));
    if (el.dataset.image) one('[data-shot]').src = el.dataset.image;
  } else if (el.form && 'filters' in el.form.dataset && (el.type === 'checkbox' || el.id === 'sort')) el.form.requestSubmit();
});

// Empty fields have no place in an address.
document.addEventListener('formdata', (e) => {
  if (!('filters' in e.target.dataset)) return;
  for (const [name, value] of [...e.formData]) if (value === '') e.formData.delete(name);
});

function switchTheme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = dark ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  localStorage.setItem('shop.theme', theme);
  daogou('setTheme', theme);
}

// ---- the chat

if (document.documentElement.dataset.theme) daogou('setTheme', document.documentElement.dataset.theme);
if (document.body.dataset.product) daogou('setPage', { product: document.body.dataset.product });
daogou('on', 'add_to_cart', (e) => {
  change(e.product, e.variant, e.quantity, e.id);
  toast();
});
daogou('on', 'remove_from_cart', (e) => change(e.product, e.variant, -e.quantity, e.id));

window.addEventListener('storage', (e) => e.key === KEY && showCart());
window.addEventListener('pageshow', showCart);
// The line of categories: the current one in sight, and a mouse wheel moves it.
const menu = one('.menu ul');
const current = one('.menu [aria-current]');
if (current) menu.scrollLeft = current.offsetLeft - innerWidth / 3;
menu?.addEventListener('wheel', (e) => {
  const at = menu.scrollLeft;
  if (!e.deltaX && !e.ctrlKey) menu.scrollLeft += e.deltaY;
  if (menu.scrollLeft !== at) e.preventDefault(); // at its end the page scrolls on
}, { passive: false });
const fold = one('[data-fold]');
if (fold && matchMedia('(max-width: 820px)').matches) fold.open = false;
const view = one('[data-view]');
if (view) measure('view_item', dig(view, 'view').currency, [item(dig(view, 'view'))]);
const list = one('[data-list]');
if (list) measure('view_item_list', dig(list, 'list')[0]?.currency, dig(list, 'list').map((c) => item(c)));
