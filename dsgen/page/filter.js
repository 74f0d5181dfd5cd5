// Hides what the filters above do not select. An element without an attribute of a filter is not filtered by it.
"use strict";
const form = document.querySelector("form.filter");
if (form) {
  const fields = [...form.querySelectorAll("[data-by]")];
  const items = [...document.querySelectorAll("[data-item]")];
  const counted = [...document.querySelectorAll("[data-counted]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const output = form.querySelector("output");
  const isShown = (item, by, value) => {
    const has = item.getAttribute("data-" + by);
    if (value === "" || has === null) return true;
    return by === "text" ? has.toLowerCase().includes(value) : has.split(" ").includes(value);
  };
  const apply = () => {
    const wanted = fields.map(field => [field.dataset.by, field.value.trim().toLowerCase()]);
    for (const item of items) item.hidden = !wanted.every(([by, value]) => isShown(item, by, value));
    for (const group of groups) {
      group.hidden = false;
      group.hidden = ![...group.querySelectorAll("[data-item]")].some(item => !item.closest("[hidden]"));
    }
    const shown = counted.filter(item => !item.hidden).length;
    output.textContent = wanted.some(([, value]) => value) ? `${shown} of ${counted.length}` : "";
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", event => event.preventDefault());
  apply();
}
// Opens what a link leads to.
const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && target.closest("details");
  if (details) details.open = true;
};
addEventListener("hashchange", open);
open();
// Printed, everything is open.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => closed.forEach(each => { each.open = false; }));
