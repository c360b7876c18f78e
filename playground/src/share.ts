/** Files in the address of the page: `#z` and deflated JSON in base64url. Nothing after `#` is sent to a server. */
import type { Files } from "./types";

type Packed = { files: [string, string][] };

export async function fragmentOf(files: Files): Promise<string> {
  const data: Packed = { files: Object.entries(files) };
  const packed = await through(
    new TextEncoder().encode(JSON.stringify(data)),
    new CompressionStream("deflate-raw"),
  );
  const text = Array.from(packed, (byte) => String.fromCharCode(byte)).join("");
  return `z${btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The files of a fragment, or undefined where it has none. */
export async function filesOf(fragment: string): Promise<Files | undefined> {
  if (!fragment.startsWith("z")) return undefined;
  try {
    const text = atob(fragment.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const unpacked = await through(bytes, new DecompressionStream("deflate-raw"));
    return checked(JSON.parse(new TextDecoder().decode(unpacked)));
  } catch {
    return undefined;
  }
}

/** Whether a name can be that of a file of the app. */
export function isName(name: string): boolean {
  return /^[\w-]+(\/[\w-]+)*\.(py|toml|txt)$/u.test(name) && name.length < 100;
}

function checked(data: unknown): Files | undefined {
  const files = (data as Partial<Packed> | null)?.files;
  if (!Array.isArray(files) || files.length === 0 || files.length > 50) return undefined;
  const good = files.every(
    (each) =>
      Array.isArray(each) && typeof each[0] === "string" && typeof each[1] === "string" && isName(each[0]),
  );
  return good
    ? Object.fromEntries(files.map(([name, text]) => [name, text.replace(/\r\n?/g, "\n")]))
    : undefined;
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}
