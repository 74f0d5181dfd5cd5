// The page: what one types goes to dsgen in a worker, and its answer to the panels.

import { Editor } from "./editor.js";
import { Engine } from "./engine.js";
import { CUT, decode, encode } from "./share.js";
import { shown } from "./panels.js";

const EXAMPLES = {
  faulty: "A profile with two errors",
  profile: "A profile of a log agent",
  preset: "A profile that extends a preset",
  manifest: "A DaemonSet that is refused",
  helm: "A stream rendered by Helm",
};
const DRAFT = "dsgen-playground";
const LARGEST = 2_000_000; // Bytes of dropped files: the page should stay quick.
const LONG_LINK = 8_000; // Characters that every program passes on.
const PATIENCE = 3_000; // Milliseconds until one can stop a request.

const $ = (id) => document.getElementById(id);
const input = new Editor($("input"), "input-title");
const pools = new Editor($("pools"), "pools-title");
const tabs = [...document.querySelectorAll("[role=tab]")];
let view = "problems";
let stuck; // The text that dsgen could not finish with.
let wanted; // The version of a link or draft, until the versions are known.

const engine = new Engine({
  ready({ minors, default: newest, dsgen }) {
    const select = $("kubernetes");
    const chosen = wanted ?? (select.disabled ? newest : select.value);
    select.replaceChildren(...minors.map((minor) => new Option(minor === minors[0] ? `${minor} (preview)` : minor, minor)));
    select.value = minors.includes(chosen) ? chosen : newest;
    select.disabled = false;
    wanted = undefined;
    document.documentElement.dataset.dsgen = dsgen;
    keepOffline();
    ask();
  },
  answered(answer, request, milliseconds) {
    $("stop").hidden = true;
    if (JSON.stringify(request) !== JSON.stringify(wanting())) return; // A newer request is on its way.
    $("output").setAttribute("aria-busy", "false");
    const problems = [...answer.problems, ...(answer.plan?.problems ?? [])];
    input.mark(problems.filter((problem) => problem.file === "input.yaml"));
    pools.mark(problems.filter((problem) => problem.file === "pools.yaml"));
    shown(answer, view, {
      show: (problem) => (problem.file === "pools.yaml" ? pools : input).show(problem),
      use: (text) => replace(text),
    });
    status(...verdict(answer), milliseconds);
  },
  failed(message, hadStarted) {
    $("stop").hidden = true;
    $("output").setAttribute("aria-busy", "false");
    if (hadStarted) {
      say(`dsgen could not finish with this text (${message}), and starts again. Change the text to try again.`);
      status("Starting again…");
      stuck = input.text;
    } else {
      status("dsgen cannot start in this browser", "error");
      say(`dsgen cannot start: ${message}. It needs a current browser with WebAssembly, and the files next to this page.`);
    }
  },
});

const wanting = () => ({ text: input.text, kubernetes: $("kubernetes").value, view, pools: pools.text });

function ask() {
  if (input.text === stuck) return;
  $("output").setAttribute("aria-busy", "true");
  engine.ask(wanting());
}

setInterval(() => {
  $("stop").hidden = engine.since === null || performance.now() - engine.since < PATIENCE;
}, 500);

$("stop").addEventListener("click", () => {
  stuck = input.text;
  status("Stopped. Change the text to try again.");
  $("stop").hidden = true;
  $("output").setAttribute("aria-busy", "false");
  engine.restart();
});

function verdict({ kind, problems, validated, failed }) {
  const count = (severity) => problems.filter((problem) => problem.severity === severity).length;
  const named = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const version = `Kubernetes ${$("kubernetes").value}`;
  if (failed) return [failed, "error"];
  if (kind === "empty") return ["Paste a profile or manifests", ""];
  const counts = ["error", "warning", "note"].filter(count).map((severity) => named(count(severity), severity));
  const said = counts.length ? counts.join(", ") : "No errors";
  return [`${said} · ${named(validated, "object")} validated for ${version}`, count("error") ? "error" : count("note") ? "" : "good"];
}

function status(text, kind = "", milliseconds) {
  const element = $("status");
  if (element.textContent !== text) element.textContent = text;
  element.className = kind;
  if (milliseconds !== undefined) {
    element.dataset.milliseconds = Math.round(milliseconds);
    element.dataset.answers = Number(element.dataset.answers ?? 0) + 1;
  }
}

function say(text) {
  $("alert").hidden = !text;
  $("alert").firstElementChild.textContent = text;
}
$("alert").querySelector("button").addEventListener("click", () => {
  say("");
  input.area.focus();
});

// The text.

function changed() {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  $("link").hidden = true;
  save();
  ask();
}
input.area.addEventListener("input", changed);
pools.area.addEventListener("input", changed);

function replace(text) {
  input.text = text;
  changed();
}

async function example(name) {
  const response = await fetch(`examples/${name}.yaml`);
  return response.text();
}
$("example").append(new Option("Choose…", ""), ...Object.entries(EXAMPLES).map(([name, title]) => new Option(title, name)));
$("example").addEventListener("change", async ({ target }) => {
  if (!target.value) return;
  say("");
  replace(await example(target.value));
  target.value = "";
});
$("kubernetes").addEventListener("change", changed);

// Files, by a button or dropped.

async function read(files, editor) {
  const list = [...files];
  if (!list.length) return;
  const size = list.reduce((sum, file) => sum + file.size, 0);
  if (size > LARGEST) {
    say(`${list.length === 1 ? list[0].name : `${list.length} files`}: ${(size / 1e6).toFixed(1)} MB are more than the playground takes (2 MB). Use the command instead: dsgen validate.`);
    return;
  }
  const texts = [];
  for (const file of list) {
    try {
      texts.push(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
    } catch {
      say(`${file.name} cannot be read as UTF-8 text. Open YAML or JSON files, not archives or folders.`);
      return;
    }
  }
  say("");
  editor.text = texts.map((text) => (text.endsWith("\n") || texts.length === 1 ? text : `${text}\n`)).join("---\n");
  changed();
}
$("open").addEventListener("click", () => $("files").click());
$("files").addEventListener("change", async ({ target }) => {
  await read(target.files, input);
  target.value = "";
});
for (const editor of [input, pools]) {
  editor.root.addEventListener("dragover", () => editor.root.classList.add("dropping"));
  editor.root.addEventListener("dragleave", () => editor.root.classList.remove("dropping"));
}
addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
addEventListener("drop", (event) => {
  document.querySelectorAll(".dropping").forEach((root) => root.classList.remove("dropping"));
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  read(event.dataTransfer.files, pools.root.contains(event.target) ? pools : input);
});

// Tabs, as in the ARIA Authoring Practices: the arrows change the tab.

function choose(tab, focus = true) {
  view = tab.getAttribute("aria-controls");
  for (const each of tabs) {
    each.setAttribute("aria-selected", each === tab);
    each.tabIndex = each === tab ? 0 : -1;
    $(each.getAttribute("aria-controls")).hidden = each !== tab;
  }
  if (focus) tab.focus();
  save();
  ask();
}
for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(tabs[(to + tabs.length) % tabs.length]);
  });
}

// Links, and what the browser keeps, if it keeps anything.

const state = () => ({ text: input.text, pools: pools.text, kubernetes: $("kubernetes").disabled ? wanted : $("kubernetes").value, view });

function restore({ text, pools: nodes, kubernetes, view: chosen }) {
  input.text = text;
  pools.text = nodes;
  const select = $("kubernetes");
  if (select.disabled) wanted = kubernetes;
  else if ([...select.options].some((option) => option.value === kubernetes)) select.value = kubernetes;
  choose(tabs.find((tab) => tab.getAttribute("aria-controls") === chosen) ?? tabs[0], false);
}

function save() {
  try {
    localStorage.setItem(DRAFT, JSON.stringify(state()));
  } catch {
    // No storage, or none left: the text is only in the page.
  }
}

function draft() {
  try {
    const kept = JSON.parse(localStorage.getItem(DRAFT));
    return typeof kept?.text === "string" && typeof kept.pools === "string" ? kept : null;
  } catch {
    return null;
  }
}

$("share").addEventListener("click", async () => {
  const fragment = await encode(state());
  const url = location.href.replace(/#.*/, "") + fragment;
  history.replaceState(null, "", fragment);
  $("url").value = url;
  $("link").hidden = false;
  $("url").select();
  let said = "Copy it from here.";
  try {
    await navigator.clipboard.writeText(url);
    said = "Copied.";
  } catch {
    // Without permission, one copies it oneself.
  }
  if (url.length > LONG_LINK) said += ` It has ${url.length.toLocaleString("en")} characters: some programs cut such links.`;
  $("copied").textContent = `${said} Whoever has the link has the text: it contains all of it.`;
});

async function open(fragment) {
  try {
    restore(await decode(fragment));
    say("");
    return true;
  } catch (error) {
    say(error.message || CUT);
    return false;
  }
}
addEventListener("hashchange", () => location.hash && open(location.hash));

async function begin() {
  if (location.hash && (await open(location.hash))) return;
  const kept = draft();
  restore(kept ?? { text: await example("faulty"), pools: await example("pools"), view: "problems" });
}

function keepOffline() {
  const done = () => (document.documentElement.dataset.offline = "ready");
  navigator.serviceWorker?.register("service-worker.js").then(() => navigator.serviceWorker.ready).then(done, () => {});
}

begin().catch((error) => say(`The playground cannot start: ${error.message}`));
