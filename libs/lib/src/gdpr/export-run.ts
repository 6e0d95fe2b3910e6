import { OperationCancelledError, StratumError, type ExportManifest } from "@stratum-hq/core";
import type { AttendedOperation } from "../operations/attended-operation";
import type { Snapshot } from "../persistence/snapshot";
import type { Mutations } from "../tenancy/mutations";
import type { ExportTarget } from "./export-access";
import type { ExportRows } from "./export-rows";
import { ManifestWriter } from "./export-manifest";
import { exportRecord } from "./export-records";

/** Rows of one part. */
export interface ExportedBatch {
  readonly part: string;
  /** Each as an object of JSON. */
  readonly rows: readonly string[];
  /** The lines of the stream that they are. */
  readonly lines: Buffer;
}

/** A row's line: `{"part":…,"row":…}`, and its end. */
function linesOf(part: string, rows: readonly string[]): Buffer {
  const start = `{"part":${JSON.stringify(part)},"row":`;
  return Buffer.from(`${start}${rows.join(`}\n${start}`)}}\n`);
}

/** What an export that runs is made of. */
interface ExportMeans {
  readonly mutations: Mutations;
  readonly rows: ExportRows;
}

/**
 * One export that is under way, over a snapshot of its own. It ends as {@link done}, or by {@link abandon};
 * either gives the connection back, and puts on record what went out.
 */
export class ExportRun {
  readonly #manifest: ManifestWriter;
  #ended = false;

  constructor(
    private readonly means: ExportMeans,
    private readonly snapshot: Snapshot,
    private readonly attended: AttendedOperation,
    readonly target: ExportTarget,
    exportedAt: string,
  ) {
    this.#manifest = new ManifestWriter({
      tenant_id: target.tenant_id,
      exported_at: exportedAt,
      include_secrets: target.include_secrets,
      operation_id: attended.operation.id,
    });
  }

  /** Aborted once the export has been cancelled. */
  get signal(): AbortSignal {
    return this.attended.signal;
  }

  /** Everything that there is, part by part. @throws OperationCancelledError */
  async *batches(): AsyncGenerator<ExportedBatch> {
    const { rows } = this.means;
    for (const table of rows.tables) {
      yield* this.part(table.part, rows.of(this.snapshot, table, this.target));
    }
    for await (const { part, batches } of rows.stored(this.snapshot, this.target)) {
      yield* this.part(part, batches);
    }
  }

  private async *part(
    part: string,
    batches: AsyncIterable<readonly string[]>,
  ): AsyncGenerator<ExportedBatch> {
    this.#manifest.begin(part);
    for await (const rows of batches) {
      this.attended.check();
      const lines = linesOf(part, rows);
      this.#manifest.add(part, rows.length, lines);
      this.attended.note({ done: this.#manifest.rows, total: null, part });
      yield { part, rows, lines };
    }
  }

  /** Ends it as done; what went out is on record by then. */
  async done(): Promise<ExportManifest> {
    this.#ended = true;
    await this.snapshot.close();
    const rows = this.#manifest.rows;
    const parts = this.#manifest.counts();
    const manifest = this.#manifest.finish();
    try {
      await this.record("tenant.exported", { rows, parts });
      await this.attended.succeed({ rows, parts });
    } catch (error) {
      await this.attended.fail(error);
      throw error;
    }
    return manifest;
  }

  /**
   * Ends it as failed or, without an error of its own, as cancelled by who read it. After {@link done}, and
   * again, it does nothing.
   */
  async abandon(error?: unknown): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.snapshot.close();
    const reason = error ?? new OperationCancelledError(this.attended.operation.id);
    const code = reason instanceof StratumError ? reason.code : "INTERNAL_ERROR";
    try {
      await this.record("tenant.export_failed", { code, rows: this.#manifest.rows });
    } finally {
      await this.attended.fail(reason);
    }
  }

  private async record(
    action: Parameters<typeof exportRecord>[0],
    metadata: Parameters<typeof exportRecord>[3],
  ): Promise<void> {
    const { caller } = this.target;
    const change = exportRecord(action, this.attended.operation.id, this.target, metadata);
    await this.means.mutations.runWithoutTenant({ caller }, (m) => m.record([change], []));
  }
}
