// dsgen in a worker: one request at a time, and of those that come meanwhile only the newest.

export class Engine {
  // `ready(versions)` once it has started, `answered(answer, request, milliseconds)`, `failed(message)`.
  constructor(handlers) {
    this.handlers = handlers;
    this.start();
  }

  start() {
    this.asked = null; // What it works on, and since when.
    this.next = null;
    this.isReady = false;
    this.worker = new Worker("worker.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.#received(data);
    this.worker.onerror = (event) => this.#ended(event.message || "its files cannot be loaded");
  }

  get since() {
    return this.asked?.since ?? null;
  }

  ask(request) {
    this.next = { request, since: performance.now() };
    this.#send();
  }

  // Give up what it works on.
  restart() {
    this.worker.terminate();
    this.start();
  }

  #send() {
    if (!this.isReady || this.asked || !this.next) return;
    this.asked = this.next;
    this.next = null;
    this.worker.postMessage(JSON.stringify(this.asked.request));
  }

  #received(data) {
    if (data.versions) {
      this.isReady = true;
      this.handlers.ready(JSON.parse(data.versions));
    } else if (data.answer) {
      const { request, since } = this.asked;
      this.asked = null;
      this.handlers.answered(JSON.parse(data.answer), request, performance.now() - since);
    } else {
      this.#ended(data.failed);
      return;
    }
    this.#send();
  }

  #ended(message) {
    const hadStarted = this.isReady;
    this.worker.terminate();
    this.isReady = false;
    this.handlers.failed(message, hadStarted);
    if (hadStarted) this.start();
  }
}
