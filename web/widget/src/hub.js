// What the host page hears: its handlers, DOM events named daogou:…, and the GA4 names on window.dataLayer.

export function hub() {
  const handlers = {};
  const past = {};
  return {
    on(name, fn) {
      (handlers[name] ||= []).push(fn);
      if (past[name]) fn(past[name]); // "ready" that has already been
    },
    emit(name, detail = {}) {
      if (name === 'ready') past[name] = detail;
      for (const fn of handlers[name] || []) {
        try {
          fn(detail);
        } catch (e) {
          console.error('daogou: a handler of "' + name + '" failed', e);
        }
      }
      document.dispatchEvent(new CustomEvent('daogou:' + name, { detail }));
    },
  };
}

// major turns minor units into the number that analytics wants: 1999 USD is 19.99, 500 JPY is 500.
export function major(amount) {
  if (!amount) return undefined;
  try {
    const digits = new Intl.NumberFormat('en', { style: 'currency', currency: amount.currency }).resolvedOptions().maximumFractionDigits;
    return amount.minor / 10 ** digits;
  } catch {
    return undefined;
  }
}

const LIST = { item_list_id: 'daogou', item_list_name: 'Shopping assistant' };

export function item(card, index, quantity) {
  return { item_id: card.id, item_name: card.title, price: major(card.amount), index, quantity, ...LIST };
}

export function measure(event, fields) {
  const layer = (window.dataLayer ||= []);
  if (fields.items) layer.push({ ecommerce: null });
  layer.push(fields.items ? { event, ecommerce: { ...LIST, ...fields } } : { event, ...fields });
}
