// Runs dsgen: Pyodide, and the packages next to this file. Nothing is loaded from anywhere else, and nothing at all once it has started.

import { loadPyodide } from "./pyodide/pyodide.js";
import createPyodideModule from "./pyodide/pyodide.asm.js";

const here = new URL(".", import.meta.url);

async function start() {
  const [python, packages] = await Promise.all([
    loadPyodide({
      indexURL: new URL("pyodide/", here).href,
      createPyodideModule,
      env: { HOME: "/home/playground", NO_COLOR: "1" },
    }),
    fetch(new URL("packages.zip", here)).then((response) => {
      if (!response.ok) throw new Error(`packages.zip: ${response.status}`);
      return response.arrayBuffer();
    }),
  ]);
  python.unpackArchive(packages, "zip", { extractDir: "/packages" });
  python.FS.mkdirTree("/home/playground");
  const bridge = python.runPython(`
import gc, os, sys
sys.path.insert(0, "/packages")
os.chdir("/home/playground")
import bridge
bridge
`);
  for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "importScripts"]) {
    Object.defineProperty(self, name, { value: undefined });
  }
  return bridge;
}

let bridge;
try {
  bridge = await start();
  postMessage({ versions: bridge.versions() });
} catch (error) {
  postMessage({ failed: String(error?.message ?? error) });
}

onmessage = ({ data }) => {
  try {
    postMessage({ answer: bridge.answer(data) });
  } catch (error) {
    // The last line of a traceback. The page starts another worker, since this one may be damaged.
    postMessage({ failed: String(error?.message ?? error).trim().split("\n").at(-1).slice(0, 300) });
  }
};
