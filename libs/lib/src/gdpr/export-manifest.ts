import {
  EXPORT_FORMAT,
  EXPORT_FORMAT_VERSION,
  type ExportedPart,
  type ExportManifest,
} from "@stratum-hq/core";
import { createHash, type Hash } from "node:crypto";

type About = Pick<ExportManifest, "tenant_id" | "exported_at" | "include_secrets" | "operation_id">;

/** Counts and hashes what goes out, part by part, and says so at the end. */
export class ManifestWriter {
  readonly #about: About;
  readonly #parts = new Map<string, { rows: number; hash: Hash }>();
  #rows = 0;

  constructor({ tenant_id, exported_at, include_secrets, operation_id }: About) {
    this.#about = { tenant_id, exported_at, include_secrets, operation_id };
  }

  /** Rows of all parts so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Begins a part, so that it is named also where it has no rows. */
  begin(part: string): void {
    this.#parts.set(part, { rows: 0, hash: createHash("sha256") });
  }

  /** Takes lines, each with its end, of a part that has begun. */
  add(part: string, rows: number, lines: Buffer): void {
    const entry = this.#parts.get(part);
    if (entry === undefined) throw new Error(`Part ${part} has not begun`);
    entry.rows += rows;
    entry.hash.update(lines);
    this.#rows += rows;
  }

  /** How many rows of each part there were. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#parts].map(([part, { rows }]) => [part, rows]));
  }

  /** The manifest; nothing can be added afterwards. */
  finish(): ExportManifest {
    const parts = [...this.#parts].map(([part, { rows, hash }]): [string, ExportedPart] => [
      part,
      { rows, sha256: hash.digest("hex") },
    ]);
    return {
      format: EXPORT_FORMAT,
      version: EXPORT_FORMAT_VERSION,
      ...this.#about,
      parts: Object.fromEntries(parts),
    };
  }
}
