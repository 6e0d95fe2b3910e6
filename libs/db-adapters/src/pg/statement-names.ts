import { createHash } from "node:crypto";
import { PREPARED_TEXTS_MAX } from "@stratum-hq/core";

/**
 * Names under which connections keep statements: hashes of their texts, so that two texts never share one.
 * Only so many texts get one, since a connection keeps what it has prepared.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  /** The name of a text; undefined where it is to be parsed every time. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= PREPARED_TEXTS_MAX) return known;
    const name = `stratum_t_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
    this.#names.set(text, name);
    return name;
  }
}
