// What the widget remembers in the browser, without cookies. "shared" is common to the tabs of a shop (the session and its token), "tab" belongs to one tab
// (messages on their way, whether the panel is open). Where storage is refused, both live as long as the page.

function area(name) {
  try {
    const storage = window[name];
    storage.setItem('daogou', '');
    storage.removeItem('daogou');
    return storage;
  } catch {
    const map = new Map();
    return { getItem: (k) => map.get(k) ?? null, setItem: (k, v) => map.set(k, v), removeItem: (k) => map.delete(k) };
  }
}

// record reads with one argument and writes with two; null removes.
function record(storage, prefix) {
  return (key, ...value) => {
    try {
      if (!value.length) return JSON.parse(storage.getItem(prefix + key));
      if (value[0] == null) storage.removeItem(prefix + key);
      else storage.setItem(prefix + key, JSON.stringify(value[0]));
    } catch {
      return null; // storage is full, or somebody else wrote under our name: go on without
    }
  };
}

export function memory(store) {
  const prefix = 'daogou:' + store + ':';
  return { prefix, shared: record(area('localStorage'), prefix), tab: record(area('sessionStorage'), prefix) };
}
