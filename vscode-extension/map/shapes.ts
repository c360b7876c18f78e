import type { Kind } from "./graph";

/** The corner of a page. */
const FOLD = 11;
/** The point of a callback. */
const POINT = 12;

/** The outline of a node: pages have a folded corner, callbacks point away, a widget's key is round. */
export function outline(kind: Kind, width: number, height: number): string {
  switch (kind) {
    case "entrypoint":
    case "page":
      return `M0,0H${width - FOLD}L${width},${FOLD}V${height}H0ZM${width - FOLD},0V${FOLD}H${width}`;
    case "callback":
      return `M0,0H${width - POINT}L${width},${height / 2}L${width - POINT},${height}H0Z`;
    case "widget":
      return rounded(width, height, Math.min(22, height / 2));
    default:
      return rounded(width, height, 3);
  }
}

function rounded(width: number, height: number, radius: number): string {
  const arc = (x: number, y: number) => `a${radius},${radius} 0 0 1 ${x},${y}`;
  const [w, h] = [width - 2 * radius, height - 2 * radius];
  const [r, l] = [radius, -radius];
  return `M${radius},0h${w}${arc(r, r)}v${h}${arc(l, r)}h${-w}${arc(l, l)}v${-h}${arc(r, l)}Z`;
}

/** How far a badge stays away from the right edge of a node. */
export function corner(kind: Kind): number {
  if (kind === "callback") return POINT + 4;
  return kind === "page" || kind === "entrypoint" ? FOLD + 5 : 9;
}
