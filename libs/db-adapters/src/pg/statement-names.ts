import { createHash } from "node:crypto";

/** Names that are kept; beyond, all are made anew. */
const KEPT_MAX = 10_000;

/**
 * Names under which connections keep statements: hashes of their texts and of where these find their tables, so
 * that no two share one. PostgreSQL fixes the types of a statement's parameters and columns when it parses it,
 * and a type that was made in one tenant's schema is not that of another's.
 */
export class StatementNames {
  readonly #names = new Map<string, Map<string, string>>();
  #size = 0;

  nameOf(text: string, searchPath: string): string {
    const known = this.#names.get(searchPath)?.get(text);
    if (known !== undefined) return known;
    if (this.#size >= KEPT_MAX) {
      this.#names.clear();
      this.#size = 0;
    }
    const hash = createHash("sha256").update(`${searchPath}\0${text}`).digest("hex");
    const name = `stratum_t_${hash.slice(0, 24)}`;
    const names = this.#names.get(searchPath) ?? new Map<string, string>();
    this.#names.set(searchPath, names.set(text, name));
    this.#size += 1;
    return name;
  }
}
