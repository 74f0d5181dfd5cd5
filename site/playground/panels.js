// What the panels show of an answer. All text is set as text, so that nothing in it can be HTML.

const SHOWN = 200; // Problems that are listed at most.

export function shown(answer, view, actions) {
  const panel = document.getElementById(view);
  if (view === "problems") panel.replaceChildren(...problemList(answer, answer.problems, actions));
  else if (view === "objects") panel.replaceChildren(...objects(answer));
  else if (view === "plan") document.getElementById("planned").replaceChildren(...plan(answer, actions));
  else panel.replaceChildren(...imported(answer, actions));
}

function problemList({ kind, failed }, problems, { show }) {
  if (failed) return [paragraph(failed)];
  if (kind === "empty") return [paragraph("There is no text yet.")];
  if (!problems.length) return [paragraph(kind === "profile" ? "No problems: the API server accepts what this profile generates." : "No problems: the API server accepts this.")];
  const list = element("ul", { className: "problems" });
  for (const problem of problems.slice(0, SHOWN)) list.append(item(problem, show));
  const more = problems.length - SHOWN;
  return more > 0 ? [list, paragraph(`and ${more} more`)] : [list];
}

function item(problem, show) {
  const isHere = problem.file === "input.yaml" || problem.file === "pools.yaml";
  const first = element("p");
  if (problem.line && isHere) {
    const name = problem.file === "pools.yaml" ? `pools ${problem.line}:${problem.column}` : `${problem.line}:${problem.column}`;
    const place = element("button", { type: "button", className: "place", textContent: name });
    place.title = `Show line ${problem.line}`;
    place.addEventListener("click", () => show(problem));
    first.append(place, " ");
  } else if (problem.file && !isHere) {
    first.append(element("code", { textContent: `${problem.file}:${problem.line}:${problem.column}` }), " ");
  }
  first.append(element("span", { className: "what", textContent: problem.severity }), " ");
  if (problem.field) first.append(element("code", { textContent: problem.field }), problem.type && problem.type !== "Warning" ? `: ${problem.type}: ` : ": ");
  first.append(problem.message, " ", element("code", { className: "code", textContent: `[${problem.code}]` }));
  const row = element("li", { className: `problem ${problem.severity}` }, first);
  if (problem.hint) row.append(element("p", { className: "help", textContent: `hint: ${problem.hint}` }));
  return row;
}

function objects({ kind, problems, objects: { files } }) {
  if (files.length) {
    return files.map(({ name, text }) => {
      const file = element("details", { className: "file", open: files.length < 3 || name.startsWith("daemonset") });
      file.append(element("summary", { textContent: name }), pre(text, name));
      return file;
    });
  }
  if (kind === "profile" && problems.some(({ severity }) => severity === "error")) {
    return [paragraph("Nothing is generated while the profile has errors: see Problems.")];
  }
  return [paragraph("Only a profile generates objects. For a profile of these manifests, see Import.")];
}

function plan(answer, actions) {
  const { text, problems, said } = answer.plan;
  const parts = text ? [pre(text, "Plan")] : [];
  if (problems.length) parts.push(...problemList({}, problems, actions));
  if (!text) parts.push(...said.map(paragraph));
  return parts.length ? parts : [paragraph("No DaemonSet to plan for.")];
}

function imported(answer, actions) {
  const { text, problems, said } = answer.import;
  const parts = said.map(paragraph);
  if (text) {
    const use = element("button", { type: "button", textContent: "Edit this profile" });
    use.addEventListener("click", () => actions.use(text));
    parts.push(pre(text, "Profile"), use);
  }
  if (problems.length) parts.push(...problemList({}, problems, actions));
  return parts.length ? parts : [paragraph("No DaemonSet to import.")];
}

function pre(text, label) {
  const block = element("pre", { className: "text", textContent: text, tabIndex: 0 });
  block.setAttribute("role", "region");
  block.setAttribute("aria-label", label);
  return block;
}

function paragraph(text) {
  return element("p", { className: "empty", textContent: text });
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
