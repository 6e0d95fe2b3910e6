import { createHash } from "node:crypto";
import { PREPARED_TEXTS_MAX } from "@stratum-hq/core";

/**
 * Names under which connections keep statements: hashes of their texts and of where these find their tables, so
 * that no two share one. PostgreSQL fixes the types of a statement's parameters and columns when it parses it,
 * and a type that was made in one tenant's schema is not that of another's. Only so many texts get one, since
 * a connection keeps what it has prepared.
 */
export class StatementNames {
  readonly #names = new Map<string, Map<string, string>>();
  #size = 0;

  /** The name of a text under a search path; undefined where it is to be parsed every time. */
  nameOf(text: string, searchPath: string): string | undefined {
    const names = this.#names.get(searchPath) ?? new Map<string, string>();
    const known = names.get(text);
    if (known !== undefined || this.#size >= PREPARED_TEXTS_MAX) return known;
    const hash = createHash("sha256").update(`${searchPath}\0${text}`).digest("hex");
    const name = `stratum_t_${hash.slice(0, 24)}`;
    this.#names.set(searchPath, names.set(text, name));
    this.#size += 1;
    return name;
  }
}
