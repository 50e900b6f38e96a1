// The line to the server: one WebSocket, opened again with back-off, over which every durable frame comes once and every message of the shopper arrives once.
//
// Down: frames with a seq come in order; what is not newer than the last one is dropped; a reconnect names epoch and last seq and gets the rest.
// Up: say and tap carry a client_seq, one more than the highest that the server has journaled, and no two messages may share one. So only the first of the queue
// is ever on its way; the others wait until it is journaled. The queue lives in the tab's storage. After a break the first is sent again under its old number
// once the journal has been read; if another tab used that number for something else, the server says so and the message gets the next one.
//
// To the host page: "acted", shared by the tabs, is the newest frame that it was told of; "due", in the tab's storage, is the newest turn that it still has to be
// told of. A page that is left in between loses nothing: the next one finds "due", connects, reads the journal and tells what is newer than "acted".

const FATAL = 4500; // from here on a close code says: do not come back
const TRY_LATER = 4003;
const ACK_MS = 45000; // longer than a turn, behind which a message may have to wait
const AGAIN_MS = 3000;

export function connection({ url, store, memory, hello, onFrame, onStatus }) {
  const { shared, tab } = memory;
  let socket = null;
  let wanted = false; // somebody wants to talk
  let tries = 0;
  let retryTimer, pingTimer;
  let missed = 0; // pings without any answer
  let mine = null; // session and epoch that `last` counts in
  let last = 0; // newest durable frame seen
  let target = 0; // newest durable frame when we were welcomed
  let ready = false; // the journal is read up to target
  let seen = 0; // highest client_seq journaled
  let queue = tab('queue') || []; // {kind, text, tap, n}; n is set once sent
  let flying = null; // the one entry that is on its way
  let acked = null; // the last one that was journaled
  let due = tab('due') || 0; // newest turn of this tab whose reply the host page was not told of
  let newest = 0; // newest frame given to once
  let telling = Promise.resolve(); // what once still has to tell, in order

  const raw = (frame) => socket && socket.readyState === 1 && socket.send(JSON.stringify({ v: 1, ...frame }));
  const keep = () => tab('queue', queue.length ? queue : null);
  const owe = (turn) => tab('due', (due = turn) || null);

  function open() {
    wanted = true;
    if (socket) return;
    clearTimeout(retryTimer);
    onStatus('connecting', tries);
    let ws;
    try {
      ws = socket = new WebSocket(url);
    } catch {
      return lost(0);
    }
    ws.onopen = () => {
      const id = shared('session') || {};
      raw({ kind: 'hello', store, ...id, seq: mine && mine.epoch === id.epoch ? last : 0, ...hello() });
    };
    ws.onmessage = (e) => {
      if (ws !== socket) return;
      missed = 0;
      let frame;
      try {
        frame = JSON.parse(e.data);
      } catch {
        return; // not of this protocol
      }
      if (frame && frame.kind) receive(frame);
    };
    ws.onclose = (e) => ws === socket && lost(e.code);
  }

  // drop gives up a line that no longer answers; its late events are ignored.
  function drop() {
    if (!socket) return;
    const old = socket;
    lost(0);
    old.close();
  }

  function lost(code) {
    socket = flying = acked = null;
    ready = false;
    clearInterval(pingTimer);
    if (code >= FATAL) {
      wanted = false;
      return onStatus('stopped', code);
    }
    if (!wanted) return onStatus('closed');
    onStatus('waiting', ++tries);
    const pause = 250 + Math.random() * Math.min(30000, 400 * 2 ** tries) + (code === TRY_LATER ? 5000 : 0);
    retryTimer = setTimeout(open, pause);
  }

  function receive(f) {
    if (f.kind === 'welcome') return welcome(f);
    const echo = f.kind === 'said' || f.kind === 'tapped';
    const done = echo && echoed(f);
    if (f.seq) {
      if (f.seq <= last) return;
      last = f.seq;
    }
    if (echo) seen = Math.max(seen, f.turn || 0);
    if (f.kind === 'error') refused(f);
    else if (f.kind !== 'pong') onFrame(f, done);
    if (mine && last >= target) ready ? pump() : caughtUp();
  }

  // echoed takes the entry that the server has journaled off the queue. While the journal is being read, the same number with other words is another tab's.
  function echoed(f) {
    const e = queue[0];
    if (!e || e.n !== f.turn) return null;
    const same = e.kind === 'say' ? e.text === f.text : e.tap.do === f.tap?.do && e.tap.label === f.tap.label;
    if (!same && !ready) {
      e.doubt = true;
      return null;
    }
    owe(f.turn); // before it leaves the queue, so that one of the two is always in storage
    return remove(e);
  }

  function remove(e) {
    queue = queue.filter((other) => other !== e);
    keep();
    if (flying === e) flying = null;
    return (acked = e);
  }

  function welcome(f) {
    const before = shared('session');
    const moved = !before || before.session !== f.session || before.epoch !== f.epoch;
    const elsewhere = mine && (mine.session !== f.session || mine.epoch !== f.epoch);
    mine = { session: f.session, token: f.token || (before && before.token), epoch: f.epoch };
    if (!f.resumed || elsewhere) last = 0;
    seen = f.seen || 0;
    if (moved) {
      shared('session', mine);
      shared('acted', before ? f.last || 0 : 0);
      queue.forEach((e) => (e.n = 0));
      owe(0);
    }
    target = f.last || 0;
    tries = 0;
    clearInterval(pingTimer);
    missed = 0;
    pingTimer = setInterval(() => (++missed > 2 ? drop() : raw({ kind: 'ping' })), (f.ping_s || 25) * 1000);
    onFrame({ ...f, fresh: last === 0, restarted: !!before && moved });
    onStatus('open');
    if (last >= target) caughtUp();
  }

  function caughtUp() {
    ready = true;
    onFrame({ kind: 'ready' });
    pump();
  }

  // pump sends the first of the queue, unless it is on its way.
  function pump() {
    const e = queue[0];
    if (!ready || !e || flying) return;
    flying = e;
    if (!e.n || e.n > seen) e.n = seen + 1;
    keep();
    raw({ kind: e.kind, client_seq: e.n, text: e.text, tap: e.tap });
    setTimeout(() => {
      if (flying !== e) return;
      if (e.doubt) remove(e); // the server took it for the message it has: then it has it
      else drop();
    }, ACK_MS);
  }

  // refused handles an error frame: a number that is taken is changed, what may go through later is tried again, the rest is given back.
  function refused(f) {
    const number = f.code === 'taken' || f.code === 'gap';
    const e = [queue[0], acked].find((e) => e && f.turn && e.n === f.turn);
    if (!e || (e === acked && !number)) return f.retry || onFrame(f);
    seen = Math.max(seen, f.seen || 0);
    flying = null;
    if (number) {
      e.n = 0;
      e.doubt = false;
      if (e === acked) {
        queue.unshift(e);
        onFrame({ kind: 'returned' }, e);
      }
    } else if (f.retry) {
      flying = e; // not before the pause is over
      setTimeout(() => flying === e && ((flying = null), pump()), AGAIN_MS);
    } else {
      remove(e);
      onFrame(f, e);
    }
  }

  // send queues a say or a tap and returns its entry.
  function send(entry) {
    queue.push(entry);
    keep();
    pump();
    return entry;
  }

  // once runs fn for a durable frame in exactly one tab, and not again after a reload. A tab in sight goes first. Frames are told in their order, since a newer one
  // says that the older ones have been told.
  function once(f, fn) {
    const talk = mine;
    const turn = f.turn || due || 1; // what staff says on their own has none
    const told = () => f.seq <= (shared('acted') || 0);
    const run = () => {
      if (mine?.session !== talk.session || mine.epoch !== talk.epoch) return; // forgotten meanwhile
      if (!told()) {
        shared('acted', f.seq);
        fn();
      }
      if (f.seq === newest && turn >= due) owe(0);
    };
    const locked = () => (navigator.locks ? navigator.locks.request(memory.prefix, run).catch(run) : run()); // a sandboxed page may not lock
    newest = f.seq;
    if (told()) return run();
    owe(Math.max(due, turn));
    telling = telling.then(() => document.hidden && new Promise((go) => setTimeout(go, 1500))).then(locked).catch((e) => console.error(e));
  }

  // forget leaves the conversation and its token behind.
  function forget() {
    ['session', 'acted'].forEach((key) => shared(key, null));
    queue = [];
    keep();
    again();
  }

  // again starts over with whatever session storage names now.
  function again() {
    const open_ = wanted || !!socket;
    mine = null;
    owe(0);
    last = seen = target = tries = 0;
    clearTimeout(retryTimer);
    wanted = false;
    drop();
    if (open_) open();
  }

  const hurry = () => {
    if (socket || !wanted || document.hidden) return;
    tries = 0;
    open();
  };
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  window.addEventListener('storage', (e) => {
    const now = shared('session');
    if (e.key === memory.prefix + 'session' && mine && now?.session !== mine.session) {
      onFrame({ kind: 'left' });
      again();
    }
  });

  return { open, send, once, forget, raw, hurry, pending: () => queue, due: () => queue.length || due };
}
