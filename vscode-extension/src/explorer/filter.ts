import { counted } from "../../map/words";

/** Which keys are shown. */
export interface Filter {
  text: string;
  onlyWarnings: boolean;
}

export const NO_FILTER: Filter = { text: "", onlyWarnings: false };

export function isFiltering(filter: Filter): boolean {
  return filter.text !== "" || filter.onlyWarnings;
}

/** Whether a key is shown: its name has all words of the text, in any case. */
export function passes(filter: Filter, key: { key: string; warnings: readonly unknown[] }): boolean {
  if (filter.onlyWarnings && key.warnings.length === 0) return false;
  const name = key.key.toLowerCase();
  const words = filter.text.toLowerCase().split(/\s+/);
  return words.every((word) => name.includes(word));
}

/** What the view says of its filter; undefined without one. */
export function told(filter: Filter, shown: number, all: number): string | undefined {
  const parts = [filter.text && `“${filter.text}”`, filter.onlyWarnings && "with warnings"].filter(Boolean);
  return parts.length === 0 ? undefined : `${shown} of ${counted(all, "key")}: ${parts.join(", ")}`;
}
