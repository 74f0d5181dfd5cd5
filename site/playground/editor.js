// A text area with line numbers, which marks the places of problems. The text stays a plain <textarea>: what one types is never HTML.

const LINE = 20; // Pixels, as in style.css.
const PADDING = { x: 10, y: 8 };
const MARKED = 500; // Problems that are marked at most.
const SIGNS = { error: "●", warning: "▲", note: "ℹ" };
const LONG = 300; // Lines of a paste that a browser takes seconds to insert, since it does so line by line.
const LINE_BREAK = /\r\n|[\n\r\x85\u2028\u2029]/g; // As YAML breaks lines.

export class Editor {
  constructor(root, labelledBy) {
    this.root = root;
    this.gutter = add(root, "div", "gutter");
    this.gutter.setAttribute("aria-hidden", "true");
    this.numbers = add(add(this.gutter, "div", "moved"), "pre");
    this.signs = add(this.gutter.firstChild, "div");
    const field = add(root, "div", "field");
    const marks = add(field, "div", "marks");
    marks.setAttribute("aria-hidden", "true");
    this.ranges = add(marks, "div", "moved");
    this.area = add(field, "textarea");
    Object.assign(this.area, { spellcheck: false, autocomplete: "off", autocapitalize: "off", wrap: "off" });
    this.area.setAttribute("aria-labelledby", labelledBy);
    this.area.addEventListener("scroll", () => this.#scrolled());
    this.area.addEventListener("input", () => this.#number());
    this.area.addEventListener("paste", (event) => this.#pasted(event));
    this.lines = 0;
    this.#number();
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.area.scrollTo(0, 0);
    this.area.setSelectionRange(0, 0);
    this.mark([]);
    this.#number();
  }

  // Show where the problems are.
  mark(problems) {
    const starts = lineStarts(this.text);
    const signs = document.createDocumentFragment();
    const ranges = document.createDocumentFragment();
    const seen = new Set();
    for (const problem of problems.filter((each) => each.line && each.line <= starts.length).slice(0, MARKED)) {
      const top = (problem.line - 1) * LINE + PADDING.y;
      if (!seen.has(problem.line)) {
        seen.add(problem.line);
        const sign = add(signs, "div", `mark ${problem.severity}`);
        sign.textContent = SIGNS[problem.severity];
        sign.style.top = `${top}px`;
      }
      const [start, end] = placeOf(problem, this.text, starts);
      const range = add(ranges, "div", `range ${problem.severity}`);
      Object.assign(range.style, {
        top: `${top}px`,
        left: `calc(${PADDING.x}px + ${start - starts[problem.line - 1]}ch)`,
        width: `${Math.max(1, end - start)}ch`,
      });
    }
    this.signs.replaceChildren(signs);
    this.ranges.replaceChildren(ranges);
  }

  // Select the place of a problem, and scroll to it.
  show(problem) {
    const starts = lineStarts(this.text);
    if (!problem.line || problem.line > starts.length) return;
    const [start, end] = placeOf(problem, this.text, starts);
    this.area.focus();
    this.area.setSelectionRange(start, end);
    const top = (problem.line - 1) * LINE;
    const { scrollTop, clientHeight } = this.area;
    if (top < scrollTop || top > scrollTop + clientHeight - 3 * LINE) this.area.scrollTop = Math.max(0, top - clientHeight / 3);
    this.area.scrollLeft = start - starts[problem.line - 1] < 60 ? 0 : this.area.scrollLeft;
    this.root.scrollIntoView({ block: "nearest" });
  }

  // Insert a long text at once. It cannot be undone, unlike a short one.
  #pasted(event) {
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n");
    if (text.split("\n").length < LONG) return;
    event.preventDefault();
    this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #number() {
    const lines = lineStarts(this.text).length;
    if (lines !== this.lines) {
      this.lines = lines;
      this.numbers.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
    }
    this.#scrolled();
  }

  #scrolled() {
    const { scrollLeft, scrollTop } = this.area;
    this.gutter.firstChild.style.top = `${-scrollTop}px`;
    Object.assign(this.ranges.style, { top: `${-scrollTop}px`, left: `${-scrollLeft}px` });
  }
}

// Where the lines of a text begin.
function lineStarts(text) {
  const starts = [0];
  for (const found of text.matchAll(LINE_BREAK)) starts.push(found.index + found[0].length);
  return starts;
}

// Where a problem begins, and where it ends in that line. Its columns count characters, and indices of a string halves of some of them.
function placeOf(problem, text, starts) {
  const start = starts[problem.line - 1];
  const line = text.slice(start, starts[problem.line]).replace(/[\r\n\x85\u2028\u2029]+$/, "");
  const at = (column) => Math.min(line.length, [...line].slice(0, column - 1).join("").length);
  const end = problem.end_line === problem.line && problem.end_column ? at(problem.end_column) : line.length;
  return [start + at(problem.column), start + Math.max(at(problem.column), end)];
}

function add(parent, tag, name = "") {
  const element = document.createElement(tag);
  element.className = name;
  parent.append(element);
  return element;
}
