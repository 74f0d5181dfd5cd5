// The built site on a server of its own, and Chromium, for the tests.

import { createReadStream, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { after, before } from "node:test";

const { SITE, TOOLS, CHROMIUM, VERSION } = process.env;
const tools = createRequire(join(TOOLS, "package.json"));
export const { chromium } = tools("playwright-core");
export const AXE = tools("axe-core").source;

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };

// A server of static files that remembers what it was asked. It can be closed, as by a network that fails, and opened again.
class Site {
  requests = [];

  async open(port = 0) {
    this.server = createServer(async (request, response) => {
      this.requests.push(`${request.method} ${request.url}`);
      let path = join(SITE, normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
      if (request.method !== "GET") return response.writeHead(405).end();
      if ((await stat(path).catch(() => null))?.isDirectory()) path = join(path, "index.html");
      if (!(await stat(path).catch(() => null))) return response.writeHead(404).end();
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
      createReadStream(path).pipe(response);
    });
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
    this.root = `http://127.0.0.1:${this.port}/${VERSION}/`;
    this.playground = `${this.root}playground/`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

// What Chromium itself asks for: updates, and what it knows of forms.
const BROWSER = /^(https?:\/\/)?([a-z-]+\.)+(google|googleapis|gvt1)\.com[:/]/;

// A proxy that lets nothing through: whatever asks for another host comes here.
class Proxy {
  asked = [];

  async open() {
    this.server = createServer((request, response) => {
      this.#note(request.url);
      response.writeHead(502).end();
    });
    this.server.on("connect", (request, socket) => {
      this.#note(request.url);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  #note(url) {
    if (!BROWSER.test(url)) this.asked.push(url);
  }
}

export const site = new Site();
export const proxy = new Proxy();
const SIZE = { width: 1280, height: 900 };
const POOLS = readFileSync(new URL("../playground/examples/pools.yaml", import.meta.url), "utf8");
let browser;
let shared;

before(async () => {
  await site.open();
  await proxy.open();
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    proxy: { server: proxy.url, bypass: "127.0.0.1" },
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
});

after(async () => {
  await browser.close();
  await site.close();
  proxy.server.close();
});

// A page of its own, as in a browser that was never here. An error in it fails the test.
export async function visit(t, { options = {}, prepare = () => {} } = {}) {
  const context = await browser.newContext({ viewport: SIZE, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await prepare(page, context);
  t.after(async () => {
    await context.close();
    if (errors.length) throw new Error(`the page reports ${errors.join("; ")}`);
  });
  return Object.assign(page, { errors });
}

// The playground as at its start, but already loaded: most tests need no browser that was never here.
export async function again(t) {
  if (!shared) {
    const end = { after: () => {} };
    shared = await play(end);
  }
  const page = shared;
  page.errors.length = 0;
  t.after(() => {
    if (page.errors.length) throw new Error(`the page reports ${page.errors.join("; ")}`);
  });
  await page.setViewportSize(SIZE);
  await page.selectOption("#kubernetes", "1.37");
  await view(page, "plan");
  await page.fill("#pools textarea", POOLS);
  await view(page, "problems");
  await type(page, "");
  await then(page, () => page.selectOption("#example", "faulty"));
  return page;
}

// Open the playground, and wait for its first verdict.
export async function play(t, given = {}) {
  const page = await visit(t, given);
  const start = performance.now();
  await page.goto(site.playground + (given.fragment ?? ""));
  await answered(page, 0);
  page.first = performance.now() - start;
  return page;
}

export const answers = (page) => page.evaluate(() => Number(document.getElementById("status").dataset.answers ?? 0));

export const answered = (page, before) =>
  page.waitForFunction(
    (count) => Number(document.getElementById("status").dataset.answers ?? 0) > count && document.getElementById("output").ariaBusy === "false",
    before,
    { polling: "raf" },
  );

// Do something, and wait for the verdict that follows it.
export async function then(page, action) {
  const before = await answers(page);
  await action();
  await answered(page, before);
}

export const type = (page, text) => then(page, () => page.fill("#input textarea", text));

// Paste a text with the keys for it, instead of what is there.
export const paste = (page, text) =>
  then(page, async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.focus("#input textarea");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Control+V");
  });
export const status = (page) => page.textContent("#status");
export const view = (page, name) => then(page, () => page.click(`#tab-${name}`));
