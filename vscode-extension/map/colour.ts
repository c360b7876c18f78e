/** A colour as SVG editors know it. */
export interface Paint {
  hex: string;
  opacity: number;
}

/** What a browser computed as a colour; undefined for none (`none`, a reference, a word). */
export function paint(computed: string): Paint | undefined {
  const rgb = /^rgba?\(([^)]+)\)$/.exec(computed)?.[1];
  if (rgb !== undefined) return fromNumbers(numbers(rgb), 255);
  const srgb = /^color\(srgb ([^)]+)\)$/.exec(computed)?.[1];
  return srgb === undefined ? undefined : fromNumbers(numbers(srgb), 1);
}

function numbers(text: string): number[] {
  return text
    .split(/[\s,/]+/)
    .map((part) => (part.endsWith("%") ? Number.parseFloat(part) / 100 : Number(part)));
}

function fromNumbers([red = 0, green = 0, blue = 0, opacity = 1]: number[], most: number): Paint {
  const digits = [red, green, blue].map((part) =>
    Math.round((Math.min(most, Math.max(0, part)) / most) * 255),
  );
  return { hex: `#${digits.map((digit) => digit.toString(16).padStart(2, "0")).join("")}`, opacity };
}
