// The chat itself: launcher, panel, transcript. It draws what the connection delivers and turns what the shopper does into say and tap frames.

import { h, icon, safe } from './dom.js';
import { words } from './strings.js';
import { memory as openMemory } from './memory.js';
import { connection } from './connection.js';
import { item, major, measure } from './hub.js';
import * as parts from './parts.js';
import css from './style.css';

const phone = matchMedia('(max-width: 520px), (max-height: 440px)');

function dress(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(h('style', {}, css)); // browsers before constructable style sheets
  }
}

export function chat(host, settings, events) {
  const root = host.attachShadow({ mode: 'open' });
  dress(root);

  const store = settings.store || 'demo';
  const memory = openMemory(store);
  let lang = settings.lang || navigator.language || 'en';
  let t = words(lang);
  const address = () => (location.origin + location.pathname).slice(0, 2000);
  let page = { url: address() };
  let hostCart = null;
  let isOpen = false;
  let before = null; // what had the focus when the panel was opened
  let limit = 4000;
  let basket = null; // the cart as the last reply showed it
  let lastState = null;
  let lastTyped = 0;
  let shift = false;
  let typingTimer;
  let alive = null; // the newest reply: only its buttons still mean something
  let notice = '';
  let old = 0; // newest frame that was told before we were welcomed: no news
  const known = new Map(); // product id → card
  const drafts = new Map(); // turn → element that deltas grow
  const nodes = new Map(); // queue entry → its bubble

  // ---- the frame around the talk

  const logo = h('span', { class: 'logo' }, icon('chat'));
  const badge = h('span', { class: 'badge', hidden: true });
  const launchText = h('span', { class: 'word' });
  const launch = h('button', { type: 'button', class: 'launch', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', onclick: () => open() }, icon('chat'), launchText, badge);
  const title = h('h2', { id: 'title' });
  const status = h('p', { class: 'status' });
  const againButton = h('button', { type: 'button', class: 'tool', onclick: () => tap({ do: 'reset' }, t('again')) }, icon('again'));
  const closeButton = h('button', { type: 'button', class: 'tool', onclick: () => close() }, icon('close'));
  const need = h('div', { class: 'need', role: 'group', hidden: true });
  const banner = h('div', { class: 'banner', role: 'status' });
  const welcome = h('div', { class: 'welcome' });
  const typing = h('div', { class: 'typing', hidden: true }, h('span', { class: 'sr' }), h('i'), h('i'), h('i'));
  const log = h('div', { class: 'log', role: 'log', tabindex: 0, 'aria-live': 'polite' }, welcome, typing);
  const newer = h('button', { type: 'button', class: 'newer', hidden: true, onclick: () => bottom() }, icon('down'), h('span'));
  const field = h('textarea', { rows: 1, enterkeyhint: 'send', autocomplete: 'off' });
  const sendButton = h('button', { type: 'submit', class: 'send' }, icon('send'));
  const form = h('form', { class: 'compose', onsubmit: (e) => (e.preventDefault(), submit()) }, field, sendButton);
  const personButton = h('button', { type: 'button', class: 'person', onclick: () => tap({ do: 'person' }, t('person')) });
  const footText = h('span');
  const foot = h('p', { class: 'foot' }, footText, personButton);
  const panel = h('section', { class: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
    h('div', { class: 'top' }, logo, h('div', {}, title, status), againButton, closeButton), need, banner, h('div', { class: 'view' }, log, newer), form, foot);
  const frame = h('div', { class: 'frame' }, launch, panel);
  root.append(frame);

  function label(el, text) {
    el.setAttribute('aria-label', text);
    el.title = text;
  }

  // speak puts the interface's words in place; it runs again when the language changes.
  function speak() {
    t = ui.t = words(lang);
    frame.lang = /^zh/i.test(lang) ? 'zh' : 'en';
    launchText.textContent = settings.launcher || t('launch');
    launch.setAttribute('aria-label', launchText.textContent);
    title.textContent = settings.title || t('title');
    label(againButton, t('again'));
    label(closeButton, t('close'));
    need.setAttribute('aria-label', t('need'));
    log.setAttribute('aria-label', title.textContent);
    typing.firstChild.textContent = t('typing');
    newer.lastChild.textContent = t('news');
    field.placeholder = t('say');
    field.setAttribute('aria-label', t('say'));
    label(sendButton, t('send'));
    personButton.textContent = t('person');
    footText.textContent = t('foot');
    drawWelcome();
    drawNeed();
    drawLine();
  }

  function drawWelcome() {
    const starters = (settings.starters || t('starters')).split('|').filter(Boolean);
    welcome.replaceChildren(
      h('p', { class: 'notice' }, notice || t('notice')),
      h('div', { class: 'hello' },
        h('p', { class: 'big' }, settings.greeting || t('hello')),
        h('p', { class: 'small' }, t('helloSub')),
        h('div', { class: 'opts' }, starters.map((s) => h('button', { type: 'button', class: 'opt', onclick: () => say(s) }, s)))));
  }

  function drawNeed() {
    const chips = parts.chips(ui, lastState);
    need.replaceChildren(...chips);
    need.hidden = !chips.length;
    need.scrollTop = 1e4; // the newest is the last
  }

  let line = 'closed';
  function drawLine(detail) {
    const bad = line === 'waiting' || line === 'stopped';
    status.textContent = t(line === 'connecting' || line === 'waiting' ? 'connecting' : 'online');
    frame.classList.toggle('lost', bad);
    if (line === 'stopped') {
      banner.replaceChildren(t('stopped') + (detail ? ' (' + detail + ') ' : ' '), h('button', { type: 'button', onclick: startOver }, t('fresh')));
    } else if (line === 'waiting') banner.replaceChildren(t(navigator.onLine === false ? 'offline' : 'lost'));
    else if (line === 'open' || line === 'closed') banner.replaceChildren();
  }

  // ---- what the parts may do

  const ui = {
    t,
    tap,
    card: (id) => known.get(id),
    column(claim) {
      const own = { price: t('price'), stock: t('stock'), rating: t('rating'), title: t('name') }[claim.column];
      const fact = (known.get(claim.product)?.facts || []).find((f) => f.facet === claim.column);
      return own || fact?.label || String(claim.column || '').replaceAll('_', ' ');
    },
    when(time) {
      const date = new Date(time);
      return isNaN(date) ? '–' : date.toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'short' });
    },
    pick(card, index) {
      measure('select_item', { currency: card.amount?.currency, items: [item(card, index)] });
      events.emit('select_item', { product: card.id, link: card.link });
      if (phone.matches) memory.tab('open', null); // the next page should be seen
    },
  };

  // ---- transcript

  const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 90;

  function bottom() {
    log.scrollTop = log.scrollHeight;
    newer.hidden = true;
  }

  // place puts a node after what is confirmed and before what is still on its way.
  function place(node) {
    const waiting = [...log.children].find((el) => el.classList.contains('wait'));
    log.insertBefore(node, waiting || typing);
    frame.classList.add('talk');
    return node;
  }

  function bubble(who, kids, cls = '') {
    return h('div', { class: 'msg ' + who + cls }, h('span', { class: 'sr' }, t(who === 'me' ? 'you' : 'it') + ' '), kids);
  }

  const noteLine = (text, cls = '') => place(h('p', { class: 'notice ' + cls }, text));

  function mine(entry) {
    const node = bubble('me', [h('p', { class: 'text' }, entry.text ?? entry.tap.label ?? entry.tap.do)], entry.tap ? ' tap wait' : ' wait');
    log.insertBefore(node, typing);
    frame.classList.add('talk');
    nodes.set(entry, node);
    return node;
  }

  function said(f, entry) {
    retire();
    const text = f.text || f.tap?.label || f.tap?.do || '';
    const node = (entry && nodes.get(entry)) || place(bubble('me', [h('p', { class: 'text' }, text)], f.tap ? ' tap' : ''));
    node.classList.remove('wait');
    node.querySelector('.text').textContent = text;
    if (entry) nodes.delete(entry);
    think(true);
  }

  // think shows or hides the three dots. They give up after a while, because not every message is answered.
  function think(on) {
    typing.hidden = !on;
    clearTimeout(typingTimer);
    if (on) typingTimer = setTimeout(() => (typing.hidden = true), 30000);
    if (on && nearEnd()) bottom();
  }

  function delta(f) {
    think(false);
    const stay = nearEnd();
    let p = drafts.get(f.turn);
    if (!p) {
      p = h('p', { class: 'text' });
      const node = place(bubble('bot', [p]));
      node.setAttribute('aria-hidden', 'true'); // read out once, when it is whole
      drafts.set(f.turn, p);
    }
    p.append(f.text || '');
    if (stay) bottom();
  }

  // retire takes the buttons off a reply that a newer turn has overtaken.
  function retire() {
    alive?.querySelectorAll('.opts, .primary, .qty button').forEach((el) => el.remove());
    alive = null;
  }

  function reply(f) {
    think(false);
    retire();
    const stay = nearEnd();
    const draft = drafts.get(f.turn)?.closest('.msg');
    drafts.delete(f.turn);
    (f.products || []).forEach((card) => known.set(card.id, card));
    const text = f.text || '';
    const staff = f.who === 'staff';
    const node = bubble('bot', [
      staff && h('p', { class: 'by' }, t('staff')),
      text && parts.prose(ui, text, f.claims || []),
      f.products?.length && parts.cards(ui, f.products),
      f.table?.rows?.length && parts.table(ui, f.table),
      f.cart && (/^(cart|checkout)$/.test(f.plan) || changes(basket, f.cart).length) && parts.cart(ui, f.cart, f.actions),
      f.question && parts.question(ui, f.question, text),
      f.actions?.length && parts.actions(ui, f.actions),
    ], staff ? ' staff' : '');
    node.lang = f.lang || '';
    if (draft) draft.replaceWith(node);
    else place(node);
    alive = node;
    if (f.state) {
      lastState = f.state;
      drawNeed();
    }
    if (!isOpen) f.seq > old && unread();
    else if (stay) node.offsetHeight > log.clientHeight - 80 ? (log.scrollTop = node.offsetTop - 56) : bottom();
    else newer.hidden = false;
    const previous = basket;
    if (f.cart) basket = f.cart;
    connectionLine.once(f, () => tell(f, previous));
  }

  let unseen = 0;
  function unread(n = unseen + 1) {
    unseen = n;
    badge.textContent = n > 9 ? '9+' : String(n);
    badge.hidden = !n;
  }

  // tell reports a new reply to the host page and to analytics, once.
  function tell(f, previous) {
    events.emit('message', { text: f.text, plan: f.plan, products: (f.products || []).map((c) => c.id) });
    if (f.products?.length) {
      const items = f.products.map((c, i) => item(c, i));
      const term = (f.state?.keywords || []).join(' ');
      if (term) measure('view_search_results', { search_term: term, search_results: f.total });
      measure('view_item_list', { items });
    }
    if (!f.cart) return;
    events.emit('cart', f.cart);
    changes(previous, f.cart).forEach(([line, by]) => moved(line, by, f));
    if (f.plan === 'checkout') {
      measure('begin_checkout', { currency: f.cart.sum?.currency, value: major(f.cart.sum), items: (f.cart.lines || []).map((l, i) => item(cardOf(l), i, l.quantity)) });
      events.emit('begin_checkout', f.cart);
    }
  }

  const quantities = (c) => new Map((c?.lines || []).map((l) => [l.product + '|' + (l.variant || ''), l]));
  // changes lists [line, difference] of what came in and went out between two carts.
  function changes(from, to) {
    const had = quantities(from);
    const has = quantities(to);
    return [...new Map([...had, ...has])].map(([key, line]) => [line, (has.get(key)?.quantity || 0) - (had.get(key)?.quantity || 0)]).filter(([, by]) => by);
  }

  const cardOf = (l) => known.get(l.product) || { id: l.product, title: l.title };

  function moved(l, change, f) {
    const card = cardOf(l);
    const name = change > 0 ? 'add_to_cart' : 'remove_from_cart';
    const quantity = Math.abs(change);
    const price = major(card.amount);
    measure(name, { currency: card.amount?.currency, value: price && price * quantity, items: [item(card, undefined, quantity)] });
    events.emit(name, { id: memory.shared('session')?.session + ':' + f.seq, product: l.product, variant: l.variant, quantity, title: l.title, image: l.image, amount: card.amount, link: card.link });
  }

  function clear() {
    drafts.clear();
    known.clear();
    nodes.clear();
    log.replaceChildren(welcome, typing);
    frame.classList.remove('talk');
    alive = basket = lastState = null;
    think(false);
    drawNeed();
    connectionLine.pending().forEach(mine);
  }

  function problem(f, entry) {
    think(false);
    if (!f.retry && entry && nodes.has(entry)) {
      const node = nodes.get(entry);
      node.classList.replace('wait', 'failed');
      node.append(h('span', { class: 'state' }, t('failed')));
      nodes.delete(entry);
    }
    noteLine(t(f.code === 'too_long' ? 'long' : 'error'), 'bad');
    bottom();
    events.emit('error', { code: f.code, text: f.text });
  }

  function onFrame(f, entry) {
    switch (f.kind) {
      case 'welcome':
        limit = f.max_text || limit;
        notice = f.notice || '';
        old = memory.shared('acted') || 0;
        if (f.fresh) {
          log.setAttribute('aria-live', 'off'); // a transcript is not news
          clear();
          drawWelcome();
        }
        if (f.restarted) noteLine(t('restarted'));
        break;
      case 'ready':
        setTimeout(() => log.setAttribute('aria-live', 'polite'), 300);
        drafts.forEach((p) => p.closest('.msg').remove()); // a reply cut off by the break comes whole or anew
        drafts.clear();
        break;
      case 'left':
        clear();
        break;
      case 'returned':
        mine(entry);
        break;
      case 'said':
      case 'tapped':
        said(f, entry);
        break;
      case 'typing':
        think(true);
        break;
      case 'delta':
        delta(f);
        break;
      case 'reply':
        reply(f);
        break;
      case 'handover':
        think(false);
        noteLine(f.text || t('handover'));
        connectionLine.once(f, () => events.emit('handover', {}));
        if (nearEnd()) bottom();
        break;
      case 'error':
        problem(f, entry);
    }
  }

  function onStatus(now, detail) {
    line = now === 'connecting' && detail ? 'waiting' : now;
    drawLine(detail);
    if (now === 'stopped') events.emit('error', { code: 'closed', close: detail });
  }

  const here = () => ({ ...page, cart: hostCart || undefined });
  const scheme = (address) => address.replace(/^http/, 'ws');
  const connectionLine = connection({
    url: scheme(new URL(settings.endpoint || '/ws', settings.base || location.href).href),
    store,
    memory,
    hello: () => ({ lang: lang.replace(/[^a-z0-9-]/gi, '').slice(0, 35), country: settings.country, page: here() }),
    onFrame,
    onStatus,
  });

  // ---- what the shopper does

  function post(body) {
    open(); // a message sent by the host page is meant to be seen
    follow();
    mine(connectionLine.send(body));
    if (line === 'open') think(true);
    bottom();
  }

  function say(text) {
    text = text.trim();
    text = text.toWellFormed?.() ?? text; // half an emoji is not text
    if (!text) return;
    if ([...text].length > limit) {
      noteLine(t('long'), 'bad');
      bottom();
      return;
    }
    post({ kind: 'say', text });
    return true;
  }

  function tap(body, text) {
    const at = root.activeElement;
    const move = at && [alive, need, welcome].some((part) => part?.contains(at)) && (!phone.matches || at.matches(':focus-visible'));
    post({ kind: 'tap', tap: { ...body, label: [...text].slice(0, 100).join('') } });
    retire();
    if (move) field.focus(); // the button that had the focus is gone; on a phone only for who uses keys, since the keyboard would cover the answer
  }

  function submit() {
    if (!say(field.value)) return;
    field.value = '';
    grow();
  }

  // follow tells the server when a single-page shop has moved on.
  function follow(force) {
    const url = address();
    if (url !== page.url) page = { url };
    else if (!force) return;
    if (line === 'open') connectionLine.raw({ kind: 'page', page: here() });
  }

  function grow() {
    field.style.height = 'auto';
    field.style.height = Math.min(field.scrollHeight, 132) + 'px';
    sendButton.disabled = !field.value.trim();
  }

  field.addEventListener('input', () => {
    grow();
    if (Date.now() - lastTyped > 3000 && line === 'open') {
      lastTyped = Date.now();
      connectionLine.raw({ kind: 'typing' });
    }
  });

  field.addEventListener('keydown', (e) => {
    // While an input method composes, Enter takes a candidate. 229 is what Safari says for the Enter that ends it.
    shift = e.shiftKey;
    if (e.isComposing || e.keyCode === 229) return;
    if (e.key === 'Enter' && !e.shiftKey) {
      e.preventDefault();
      submit();
    } else if (e.key === 'ArrowUp' && !field.value) {
      const first = ['.name', '.opt[tabindex="0"]', '.claim[tabindex="0"]', 'button'].map((what) => alive?.querySelector(what)).find(Boolean);
      if (first) {
        e.preventDefault();
        first.focus();
      }
    }
  });

  // Keyboards on a screen often name no key; what they do to the text says the same.
  field.addEventListener('beforeinput', (e) => {
    if (!/^insert(LineBreak|Paragraph)$/.test(e.inputType) || e.isComposing || shift) return;
    e.preventDefault();
    submit();
  });

  panel.addEventListener('keydown', (e) => {
    if (e.isComposing) return;
    if (e.key === 'Escape') {
      e.stopPropagation();
      close();
    } else if (e.key === 'Tab' && phone.matches) trap(e);
  });

  // trap keeps Tab inside while the panel covers the whole page.
  function trap(e) {
    const stops = [...panel.querySelectorAll('a[href], button, textarea, [tabindex="0"]')].filter((el) => el.tabIndex >= 0 && !el.disabled && el.offsetParent);
    const edge = e.shiftKey ? stops[0] : stops.at(-1);
    if (root.activeElement !== edge) return;
    e.preventDefault();
    (e.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  log.addEventListener('scroll', () => nearEnd() && (newer.hidden = true), { passive: true });

  // ---- open and close

  function fit() {
    const full = isOpen && phone.matches;
    const v = window.visualViewport;
    panel.setAttribute('aria-modal', full);
    panel.style.height = full && v ? v.height + 'px' : '';
    panel.style.top = full && v ? v.offsetTop + 'px' : '';
    document.documentElement.style.overflow = full ? 'hidden' : '';
  }
  phone.addEventListener('change', fit);
  for (const name of ['resize', 'scroll']) window.visualViewport?.addEventListener(name, fit);

  function open(text, quiet) {
    if (typeof text === 'string') field.value = text;
    connectionLine.open();
    if (isOpen) return;
    isOpen = true;
    before = document.activeElement === host ? null : document.activeElement;
    panel.hidden = false;
    launch.setAttribute('aria-expanded', 'true');
    frame.classList.add('open');
    memory.tab('open', true);
    unread(0);
    fit();
    grow();
    bottom();
    need.scrollTop = 1e4;
    if (!quiet) field.focus();
    events.emit('open');
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    panel.hidden = true;
    launch.setAttribute('aria-expanded', 'false');
    frame.classList.remove('open');
    memory.tab('open', null);
    fit();
    (before?.isConnected && before !== document.body ? before : launch).focus();
    events.emit('close');
  }

  function startOver() {
    connectionLine.forget();
    clear();
    if (isOpen) connectionLine.open();
  }

  // ---- commands of the host page

  const commands = {
    open,
    close,
    say,
    reset: startOver,
    on: events.on,
    setLocale(tag) {
      lang = String(tag);
      speak();
    },
    setTheme(name) {
      host.dataset.theme = name;
    },
    setPage(where) {
      page = { url: address(), ...where };
      follow(true);
    },
    setCart(cart) {
      hostCart = cart;
      follow(true);
    },
    setUser(user) {
      const id = user?.identifier || null;
      const last = memory.shared('user');
      memory.shared('user', id);
      if (last && last !== id) startOver(); // somebody else must not read this talk
    },
  };

  speak();
  if (connectionLine.due()) connectionLine.open();
  if (memory.tab('open') && !phone.matches) open(undefined, true);
  connectionLine.pending().forEach((entry) => nodes.has(entry) || mine(entry));
  return commands;
}
