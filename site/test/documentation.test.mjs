// The pages of the documentation in a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AXE, proxy, site, visit } from "./site.mjs";

test("search finds a page, and asks no other host", async (t) => {
  const page = await visit(t);
  await page.goto(site.root);
  await page.waitForLoadState("networkidle");
  await page.click("button.md-search__button");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.type("mismatched-host-port", { delay: 20 });
  const found = page.getByRole("option", { name: /An error that a schema does not catch/ });
  await found.first().click();
  await page.waitForURL(/\/tutorial\//);
  assert.deepEqual(proxy.asked, []);
});

test("the pages offer the versions, and the first leads to the playground and the wheel", async (t) => {
  const page = await visit(t);
  await page.goto(new URL("../", site.root).href);
  await page.waitForURL(site.root);
  await page.waitForSelector(".md-version");
  assert.match(await page.textContent(".md-version"), new RegExp(process.env.VERSION));
  const wheel = await page.getByRole("link", { name: "the wheel" }).getAttribute("href");
  assert.equal((await fetch(new URL(wheel, site.root))).status, 200);
  await page.getByRole("link", { name: "the playground" }).click();
  await page.waitForURL(site.playground);
  await page.waitForSelector("#input");
  await page.getByRole("link", { name: "dsgen" }).click();
  await page.waitForURL(site.root);
});

for (const [width, colorScheme] of [[1280, "light"], [768, "dark"], [420, "light"]]) {
  test(`pages at ${width} pixels, ${colorScheme}: nothing is cut, and axe finds nothing`, async (t) => {
    const page = await visit(t, { options: { viewport: { width, height: 900 }, colorScheme } });
    for (const path of ["", "how-to/plan-for-nodes/"]) {
      await page.goto(site.root + path);
      await page.waitForSelector(".md-version__current[aria-label*=select]", { state: "attached" });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is too wide`);
      const { violations } = await page.evaluate(`${AXE}; axe.run()`);
      assert.deepEqual(violations.map(({ id, nodes }) => `${path}: ${id} ${nodes.map(({ html }) => html)}`), []);
    }
  });
}
