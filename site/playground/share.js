// A link that holds the text: in its fragment, which browsers do not send to the server.

const FORM = "1"; // The form of the fragment; a new one gets a new number.
const LIMIT = 5_000_000; // Characters of a text at most, so that a small link cannot fill the memory.

export const CUT = "The text in this link is incomplete or damaged: probably the link was cut when it was copied. Ask for the whole link, or paste the text itself.";

export async function encode(state) {
  const compressed = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(compressed).arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return `#${FORM}.${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

// Returns the state in a fragment. Throws an Error with a message for users if there is none.
export async function decode(fragment) {
  const [form, data, more] = fragment.replace(/^#/, "").split(".");
  if (form !== FORM && /^\d+$/.test(form)) throw new Error(`This link is of another version of the playground. Ask for the text itself.`);
  if (form !== FORM || !data || more !== undefined) throw new Error(CUT);
  let state;
  try {
    const bytes = Uint8Array.from(atob(data.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    state = JSON.parse(await inflated(bytes));
  } catch {
    throw new Error(CUT);
  }
  if (typeof state?.text !== "string" || typeof state.pools !== "string") throw new Error(CUT);
  return state;
}

async function inflated(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length > LIMIT) throw new Error("too long");
  }
  return text + decoder.decode();
}
