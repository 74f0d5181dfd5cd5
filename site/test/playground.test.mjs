// The playground, with real clicks and keys.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { again, answered, AXE, paste, play, proxy, site, status, then, type, view, visit } from "./site.mjs";

const HELM = readFileSync(new URL("../playground/examples/helm.yaml", import.meta.url), "utf8");
const PROFILE = "name: agent\ncontainers:\n  agent:\n    image: example.com/agent:1.0\n";

test("the first verdict, and the next", async (t) => {
  const page = await play(t);
  assert.match(await status(page), /^2 errors · 1 object validated for Kubernetes 1\.37$/);
  const text = HELM.repeat(3).split("\n").slice(0, 200).join("\n");
  await paste(page, text);
  const times = [];
  for (let index = 0; index < 5; index++) {
    await then(page, () => page.keyboard.type("#"));
    times.push(Number(await page.getAttribute("#status", "data-milliseconds")));
  }
  t.diagnostic(`first verdict: ${(page.first / 1000).toFixed(1)} s; next ones for 200 lines: ${times.join(", ")} ms`);
});

test("a problem is shown at its line, and follows what one types", async (t) => {
  const page = await again(t);
  assert.deepEqual(await page.locator("#problems .place").allTextContents(), ["6:54", "7:36"]);
  assert.equal(await page.locator("#input .gutter .mark.error").count(), 2);
  await page.click("#problems .place >> nth=0");
  const chosen = () => page.evaluate(() => document.getSelection().toString() || document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd));
  assert.equal(await chosen(), "9200");
  await then(page, () => page.keyboard.insertText("9100"));
  assert.deepEqual(await page.locator("#problems .place").allTextContents(), ["7:36"]);
  await type(page, PROFILE);
  assert.match(await status(page), /^No errors/);
  assert.equal(await page.locator("#input .gutter .mark").count(), 0);
});

test("the column of a problem behind characters of two halves is right", async (t) => {
  const page = await again(t);
  await type(page, "name: agent\nlabels: {a: 😀😀, b: é}\ncontainers: {a: {image: b}}\n");
  await page.click("#problems .place >> nth=0");
  const { text } = await page.evaluate(() => {
    const { value, selectionStart, selectionEnd } = document.activeElement;
    return { text: value.slice(selectionStart, selectionEnd) };
  });
  assert.equal(text, "😀😀");
});

test("the version of Kubernetes decides", async (t) => {
  const page = await again(t);
  await type(page, `${PROFILE}manifest: {spec: {template: {spec: {hostnameOverride: a}}}}\n`);
  const newest = await status(page);
  await then(page, () => page.selectOption("#kubernetes", "1.33"));
  assert.match(newest, /Kubernetes 1\.37$/);
  assert.match(await status(page), /^1 error.*Kubernetes 1\.33$/);
  assert.match(await page.textContent("#problems"), /hostnameOverride/);
});

test("objects, the plan and the import", async (t) => {
  const page = await again(t);
  await type(page, PROFILE);
  await view(page, "objects");
  assert.match(await page.textContent("#objects details[open] pre"), /kind: DaemonSet\nmetadata:\n  name: agent/);
  await view(page, "plan");
  assert.match(await page.textContent("#planned"), /agent: 12 of 18 nodes/);
  await then(page, () => page.fill("#pools textarea", "pools: {a: {count: 7}}"));
  assert.match(await page.textContent("#planned"), /agent: 7 of 7 nodes/);
  await then(page, () => page.fill("#pools textarea", "pools: {a: {cont: 7}}"));
  assert.match(await page.textContent("#planned"), /unknown key `cont`/);
  await page.click("#planned .place");
  assert.equal(await page.evaluate(() => document.activeElement.closest(".editor").id), "pools");
  await then(page, () => page.selectOption("#example", "helm"));
  await view(page, "import");
  assert.match(await page.textContent("#import"), /release-agent: identical/);
  const profile = await page.textContent("#import pre");
  await then(page, () => page.click("text=Edit this profile"));
  assert.equal(await page.inputValue("#input textarea"), profile);
  await view(page, "objects");
  assert.equal(await page.locator("#objects details").count(), 3);
});

test("all examples say what their titles promise", async (t) => {
  const page = await again(t);
  const names = await page.locator("#example option").evaluateAll((options) => options.map((option) => option.value).filter(Boolean));
  for (const name of names) {
    await then(page, () => page.selectOption("#example", name));
    assert.match(await status(page), ["faulty", "manifest"].includes(name) ? /^\d errors/ : /^No errors/, name);
  }
  assert.equal(names.length, 5);
});

test("nothing is sent anywhere", async (t) => {
  const seen = [];
  const page = await play(t, { prepare: (page, context) => context.on("request", (request) => seen.push(request)) });
  await page.waitForFunction(() => document.documentElement.dataset.offline === "ready");
  assert.ok(seen.length > 5);
  const before = [site.requests.length, seen.length];
  await type(page, `${PROFILE}labels: {secret: do-not-send}\n`);
  for (const name of ["objects", "plan", "import", "problems"]) await view(page, name);
  await then(page, () => page.selectOption("#kubernetes", "1.35"));
  await page.click("#share");
  await page.waitForFunction(() => document.getElementById("copied").textContent);
  const isUpdate = (request) => request.endsWith("/service-worker.js");
  assert.deepEqual(site.requests.slice(before[0]).filter((request) => !isUpdate(request)), []);
  assert.deepEqual(seen.slice(before[1]).map((request) => request.url()), []);
  assert.deepEqual(seen.filter((request) => request.method() !== "GET" || request.postData()), []);
  assert.deepEqual(seen.filter((request) => !request.url().startsWith(site.playground) && !request.url().startsWith("data:")).map((request) => request.url()), []);
  assert.deepEqual(site.requests.filter((request) => !request.startsWith("GET ") || /do-not-send|#/.test(request)), []);
  assert.deepEqual(proxy.asked, []);
});

test("the page cannot reach another host, and the worker nothing", async (t) => {
  const page = await again(t);
  const plain = await visit(t);
  await plain.goto(site.root);
  await plain.evaluate(() => fetch("http://control.example/").catch(() => {}));
  assert.deepEqual(proxy.asked.splice(0), ["http://control.example/"]);
  plain.errors.length = 0;
  const refused = await page.evaluate(() => fetch("http://example.com/").then(() => "sent", () => "refused"));
  assert.equal(refused, "refused");
  assert.deepEqual(proxy.asked, []);
  assert.ok(page.errors.splice(0).every((message) => /Content Security Policy/.test(message)));
  const names = await page.evaluate(async () => {
    const source = await (await fetch("worker.js")).text();
    return source.match(/for \(const name of (\[.*?\])/)[1];
  });
  assert.deepEqual(JSON.parse(names), ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "importScripts"]);
});

test("it works without a network once it was loaded", async (t) => {
  const page = await play(t);
  await page.waitForFunction(() => document.documentElement.dataset.offline === "ready");
  await type(page, PROFILE);
  const { port } = site;
  await site.close();
  try {
    await page.reload();
    await answered(page, 0);
    assert.equal(await page.inputValue("#input textarea"), PROFILE);
    assert.match(await status(page), /^No errors/);
    await then(page, () => page.selectOption("#example", "manifest"));
    assert.match(await status(page), /^4 errors/);
  } finally {
    await site.open(port);
  }
});

test("a link holds the text", async (t) => {
  const page = await again(t);
  const text = `${PROFILE}# é 😀 <b>\n`;
  await type(page, text);
  await then(page, () => page.selectOption("#kubernetes", "1.35"));
  await view(page, "plan");
  await then(page, () => page.fill("#pools textarea", "pools: {mine: {count: 2}}"));
  await page.click("#share");
  await page.waitForFunction(() => document.getElementById("url").value.includes("#1."));
  const url = await page.inputValue("#url");
  const other = await play(t, { fragment: new URL(url).hash });
  assert.equal(await other.inputValue("#input textarea"), text);
  assert.match(await status(other), /Kubernetes 1\.35$/);
  assert.match(await other.textContent("#planned"), /2 of 2 nodes/);
  await type(other, PROFILE);
  assert.equal(new URL(other.url()).hash, "");
});

test("a link that was cut is recognised, wherever it was cut", async (t) => {
  const page = await again(t);
  await type(page, PROFILE);
  await page.click("#share");
  await page.waitForFunction(() => document.getElementById("url").value.includes("#1."));
  const { hash } = new URL(await page.inputValue("#url"));
  const changed = hash.slice(0, 20) + (hash[20] === "A" ? "B" : "A") + hash.slice(21);
  const cut = [hash.slice(0, -1), hash.slice(0, -3), hash.slice(0, hash.length / 2), "#1.", "#1", `${hash}.`, "#what", changed];
  const messages = await page.evaluate(async (fragments) => {
    const { decode } = await import("./share.js");
    return Promise.all(fragments.map((fragment) => decode(fragment).then((state) => JSON.stringify(state), (error) => error.message)));
  }, [hash, ...cut, "#2.abc"]);
  assert.match(messages[0], /example\.com/);
  for (const message of messages.slice(1, -1)) assert.match(message, /^The text in this link is incomplete or damaged/);
  assert.match(messages.at(-1), /another version/);
  const other = await play(t, { fragment: cut[0] });
  assert.match(await other.textContent("#alert"), /incomplete or damaged.*Ask for the whole link/);
  assert.match(await status(other), /^2 errors/);
  await other.click("#alert button");
  assert.ok(await other.isHidden("#alert"));
});

test("a small link cannot fill the memory", async (t) => {
  const page = await again(t);
  const { length, message } = await page.evaluate(async () => {
    const { decode, encode } = await import("./share.js");
    const fragment = await encode({ text: "a".repeat(50_000_000), pools: "" });
    return { length: fragment.length, message: await decode(fragment).then(() => "", (error) => error.message) };
  });
  assert.ok(length < 200_000);
  assert.match(message, /incomplete or damaged/);
});

test("text that tries to be HTML stays text", async (t) => {
  const page = await again(t);
  const html = `<img src=x onerror="window.run = 1"><script>window.run = 1</script>`;
  const hostile = [
    `name: '${html}'\n`,
    `name: agent\n'${html}': 1\n`,
    `${PROFILE}    env: {A: '${html}'}\n`,
    `apiVersion: apps/v1\nkind: '${html}'\nmetadata: {name: '${html}'}\n`,
    `extends: '${html}'\nname: a\n`,
    HELM.replaceAll("30s", html).replaceAll("agent.yaml", "a<b>"),
  ];
  for (const text of hostile) {
    await type(page, text);
    for (const name of ["objects", "plan", "import", "problems"]) await view(page, name);
    await view(page, "plan");
    await then(page, () => page.fill("#pools textarea", `pools: {'${html}': {count: 1, taints: ['${html}']}}`));
  }
  const linked = () =>
    page.evaluate(async (text) => {
      const { encode } = await import("./share.js");
      location.hash = await encode({ text, pools: text, kubernetes: text, view: text });
    }, html);
  await then(page, linked);
  assert.equal(await page.inputValue("#input textarea"), html);
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.equal(await page.evaluate(() => window.run), undefined);
});

test("a browser without storage works", async (t) => {
  const page = await play(t, {
    prepare: (page) =>
      page.addInitScript(() => {
        const denied = { get() { throw new DOMException("denied", "SecurityError"); } };
        Object.defineProperty(window, "localStorage", denied);
        Object.defineProperty(window, "caches", denied);
        Object.defineProperty(Navigator.prototype, "serviceWorker", { value: undefined });
        Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined });
      }),
  });
  await type(page, PROFILE);
  assert.match(await status(page), /^No errors/);
  await page.click("#share");
  await page.waitForFunction(() => document.getElementById("copied").textContent);
  assert.match(await page.textContent("#copied"), /^Copy it from here/);
  assert.match(await page.inputValue("#url"), /#1\./);
});

test("a draft survives a reload", async (t) => {
  const page = await play(t);
  await type(page, PROFILE);
  await view(page, "objects");
  await page.reload();
  await answered(page, 0);
  assert.equal(await page.inputValue("#input textarea"), PROFILE);
  assert.equal(await page.getAttribute("#tab-objects", "aria-selected"), "true");
});

test("files are opened and dropped", async (t) => {
  const page = await again(t);
  const file = (name, text) => ({ name, mimeType: "text/yaml", buffer: Buffer.from(text) });
  await then(page, () => page.setInputFiles("#files", [file("a.yaml", HELM), file("b.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}")]));
  assert.match(await status(page), /^No errors · 4 objects/);
  const drop = (target, name, bytes) =>
    page.evaluate(({ target, name, bytes }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
      for (const kind of ["dragover", "drop"]) document.querySelector(target).dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
    }, { target, name, bytes: [...Buffer.from(bytes)] });
  await then(page, () => drop("#input textarea", "agent.yaml", PROFILE));
  assert.equal(await page.inputValue("#input textarea"), PROFILE);
  await view(page, "plan");
  await then(page, () => drop("#pools textarea", "pools.yaml", "pools: {a: {count: 5}}"));
  assert.match(await page.textContent("#planned"), /5 of 5 nodes/);
  await drop("#input textarea", "chart.tgz", Buffer.from([0x1f, 0x8b, 8, 0, 0xff]));
  await page.waitForFunction(() => !document.getElementById("alert").hidden);
  assert.match(await page.textContent("#alert"), /chart\.tgz cannot be read as UTF-8 text/);
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(5_000_000)], "big.yaml"));
    document.querySelector("#input textarea").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => document.getElementById("alert").textContent.includes("big.yaml"));
  assert.equal(await page.inputValue("#input textarea"), PROFILE);
});

test("all of it works by keyboard", async (t) => {
  const page = await play(t);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.closest("[id]")?.id || document.activeElement.tagName);
  const order = [];
  for (let index = 0; index < 9; index++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  assert.deepEqual(order, ["A", "example", "kubernetes", "open", "share", "input", "tab-problems", "problems", "problems"]);
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "input");
  await then(page, () => page.keyboard.insertText("9100"));
  await page.keyboard.press("Tab");
  for (const name of ["tab-objects", "tab-plan", "tab-import", "tab-problems"]) {
    await then(page, () => page.keyboard.press("ArrowRight"));
    assert.equal(await focused(), name);
  }
  await then(page, () => page.keyboard.press("End"));
  assert.equal(await page.isVisible("#import"), true);
  assert.equal(await page.isVisible("#problems"), false);
  await page.focus("#share");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "url");
});

test("a text that is odd, long or deep is answered, and so is the next", async (t) => {
  const page = await again(t);
  const odd = ["", " \n ", "\0", "[".repeat(5000), "a: ".repeat(2000), "&a [*a]", "- ".repeat(3000), "\u2028\u0085\u2029", "%YAML 1.1\n---\n"];
  for (const [index, text] of odd.entries()) {
    await type(page, `x: ${index}`);
    await type(page, text);
  }
  await paste(page, "a: 1\n".repeat(20_000));
  assert.equal(await page.evaluate(() => document.querySelector("#input textarea").value.length), 100_000);
  assert.match(await page.textContent("#problems"), /duplicate key `a`/);
  await paste(page, PROFILE);
  assert.match(await status(page), /^No errors/);
});

test("a worker that ends is replaced", async (t) => {
  const page = await play(t, {
    prepare: (page) =>
      page.addInitScript(() => {
        const Original = window.Worker;
        window.Worker = class extends Original {
          postMessage(data) {
            if (data.includes("break")) this.onmessage({ data: { failed: "out of memory" } });
            else super.postMessage(data);
          }
        };
      }),
  });
  await page.fill("#input textarea", "break");
  await page.waitForFunction(() => document.getElementById("alert").textContent.includes("out of memory"));
  await type(page, PROFILE);
  assert.match(await status(page), /^No errors/);
});

test("a text that takes long can be stopped", async (t) => {
  const page = await play(t, {
    prepare: (page) =>
      page.addInitScript(() => {
        const Original = window.Worker;
        window.Worker = class extends Original {
          postMessage(data) {
            if (!data.includes("forever")) super.postMessage(data);
          }
        };
      }),
  });
  await page.fill("#input textarea", "forever");
  await page.click("#stop");
  assert.match(await status(page), /^Stopped/);
  await type(page, PROFILE);
  assert.match(await status(page), /^No errors/);
});

test("without its files, it says so", async (t) => {
  const page = await visit(t, { prepare: (page) => page.route("**/packages.zip", (route) => route.fulfill({ status: 404 })) });
  await page.goto(site.playground);
  await page.waitForFunction(() => !document.getElementById("alert").hidden);
  assert.match(await page.textContent("#alert"), /dsgen cannot start: packages\.zip: 404/);
  page.errors.length = 0;
});

for (const width of [1280, 768, 420]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${width} pixels, ${colorScheme}: nothing is cut, and axe finds nothing`, async (t) => {
      const page = await again(t);
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const check = async (name) => {
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is too wide`);
        const { violations } = await page.evaluate(`${AXE}; axe.run()`);
        assert.deepEqual(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html }) => html)}`), []);
      };
      await check("problems");
      await page.click("#share");
      await page.waitForFunction(() => document.getElementById("copied").textContent);
      await check("share");
      await then(page, () => page.selectOption("#example", "preset"));
      for (const name of ["objects", "plan"]) {
        await view(page, name);
        await check(name);
      }
      await then(page, () => page.selectOption("#example", "helm"));
      await view(page, "import");
      await check("import");
      const { hash } = new URL("http://x/#1.cut");
      await page.evaluate((hash) => (location.hash = hash), hash);
      await page.waitForFunction(() => !document.getElementById("alert").hidden);
      await check("alert");
      await page.click("#alert button");
      await page.emulateMedia({ colorScheme: null });
    });
  }
}
