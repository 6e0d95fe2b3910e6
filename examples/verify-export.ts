import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";

/** What this program knows of the format: docs/gdpr.md. */
interface Manifest {
  format: string;
  version: number;
  parts: Record<string, { rows: number; sha256: string }>;
}

/** A line of an export: a row, or (the last one) the manifest. */
interface Line {
  part?: string;
  row?: Record<string, unknown>;
  manifest?: Manifest;
}

/** The lines of a file, each with its end. Only a line feed ends one: JSON may contain U+2028. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield rest.subarray(0, end + 1);
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield rest;
}

function parsed(line: Buffer): Line | null {
  try {
    return JSON.parse(line.toString()) as Line;
  } catch {
    return null;
  }
}

/** Checks the lines of an export against its manifest, one after the other. */
class Verification {
  readonly #seen = new Map<string, { rows: number; hash: Hash }>();
  readonly #problems: string[] = [];
  #manifest: Manifest | undefined;
  #lines = 0;

  /** Takes the next line; the row in it, where it is one. */
  take(line: Buffer): Line {
    this.#lines += 1;
    const { part, row, manifest } = parsed(line) ?? {};
    if (this.#manifest !== undefined) this.tell("it is behind the manifest");
    if (manifest !== undefined) this.#manifest = manifest;
    else if (part === undefined || row === undefined)
      this.tell("it is neither a row nor the manifest");
    else {
      const seen = this.#seen.get(part) ?? { rows: 0, hash: createHash("sha256") };
      this.#seen.set(part, { rows: seen.rows + 1, hash: seen.hash.update(line) });
      return { part, row };
    }
    return {};
  }

  /** What is wrong; nothing where the export is whole. */
  finish(): string[] {
    const manifest = this.#manifest;
    if (manifest === undefined)
      return [...this.#problems, "the manifest is missing: the export broke off"];
    const { format, version, parts } = manifest;
    if (format !== "stratum-tenant-export" || version !== 1)
      return [...this.#problems, `format ${format} ${version} is not known here`];
    const names = new Set([...Object.keys(parts), ...this.#seen.keys()]);
    return [...this.#problems, ...[...names].flatMap((name) => this.compare(name, parts[name]))];
  }

  private compare(part: string, wanted: { rows: number; sha256: string } | undefined): string[] {
    if (wanted === undefined) return [`${part}: the manifest does not have it`];
    const { rows = 0, hash = createHash("sha256") } = this.#seen.get(part) ?? {};
    const problems = [];
    if (wanted.rows !== rows)
      problems.push(`${part}: ${rows} rows, and the manifest says ${wanted.rows}`);
    if (wanted.sha256 !== hash.digest("hex")) problems.push(`${part}: its hash is another one`);
    return problems;
  }

  private tell(problem: string): void {
    this.#problems.push(`line ${this.#lines}: ${problem}`);
  }
}

/**
 * Reads what `exportTenantStream` wrote, and checks it against its manifest.
 *
 * @param onRow is given each row
 * @returns what is wrong with it; nothing where it is whole
 */
export async function verifyExport(
  chunks: AsyncIterable<Buffer>,
  onRow: (part: string, row: Record<string, unknown>) => void = () => undefined,
): Promise<string[]> {
  const verification = new Verification();
  for await (const line of linesOf(chunks)) {
    const { part, row } = verification.take(line);
    if (part !== undefined && row !== undefined) onRow(part, row);
  }
  return verification.finish();
}

async function main(file: string): Promise<void> {
  let rows = 0;
  const problems = await verifyExport(createReadStream(file) as AsyncIterable<Buffer>, () => {
    rows += 1;
  });
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? `${rows} rows, all as exported` : "not as exported");
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (require.main === module) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error("usage: verify-export FILE");
  void main(file);
}
