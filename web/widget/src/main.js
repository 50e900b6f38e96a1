// daogou.js, the script that a shop embeds:
//
//   <script async src="https://chat.example/daogou.js" data-store="demo"></script>
//
// It defines <daogou-chat>, adds one to the page and takes over window.daogou with whatever was queued there before it loaded.

import { chat } from './panel.js';
import { hub } from './hub.js';

const NAME = 'daogou-chat';
const script = document.currentScript || document.querySelector('script[src*="daogou"][data-store]');

function start() {
  const events = hub();
  let commands = null;

  customElements.define(NAME, class extends HTMLElement {
    connectedCallback() {
      if (commands) return; // one chat a page; a second element stays empty
      for (const key in script?.dataset) this.dataset[key] ??= script.dataset[key];
      commands = chat(this, { base: script?.src, ...this.dataset }, events);
    }

    // A single-page shop that swaps its body takes the element with it: come back to the new one.
    disconnectedCallback() {
      setTimeout(() => this.isConnected || document.body?.append(this));
    }
  });

  const call = (name, ...args) => {
    const fn = commands && Object.hasOwn(commands, name) && commands[name];
    if (fn) return void fn(...args);
    console.warn('daogou: there is no command "' + name + '"');
  };

  const mount = () => {
    if (!commands) {
      document.body.append(document.createElement(NAME));
    }
    const queue = window.daogou?.q || [];
    window.daogou = call;
    Object.keys(commands).forEach((name) => (call[name] = (...args) => call(name, ...args)));
    [...queue].forEach((args) => call(...args));
    events.emit('ready');
  };
  if (document.body) mount();
  else document.addEventListener('DOMContentLoaded', mount);
}

if (!customElements.get(NAME)) start();
