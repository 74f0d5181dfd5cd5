// The verdicts of the playground's worker are those of the command, on recorded cases.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { site, visit } from "./site.mjs";

const cases = JSON.parse(readFileSync(process.env.CASES, "utf8"));

test(`${cases.length} recorded cases have the command's verdict`, async (t) => {
  assert.ok(cases.length >= 500);
  const page = await visit(t);
  await page.goto(site.playground);
  await page.evaluate(() => {
    const worker = new Worker("worker.js", { type: "module" });
    window.ask = (request) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data.answer ? resolve(data.answer) : reject(new Error(data.failed)));
        worker.postMessage(request);
      });
    return new Promise((resolve) => (worker.onmessage = resolve));
  });
  const wrong = [];
  for (const { name, text, kubernetes, problems } of cases) {
    const answer = JSON.parse(await page.evaluate((request) => window.ask(request), JSON.stringify({ text, kubernetes, view: "problems" })));
    try {
      assert.deepEqual(answer.problems, problems);
    } catch (error) {
      wrong.push(`${name}: ${error.message}`);
    }
  }
  assert.deepEqual(wrong, []);
});
