import { Injectable } from "@nestjs/common";
import {
  EXPORT_OBJECT_MAX_BYTES,
  exportTenantSchema,
  ResultTooLargeError,
  tenantIdSchema,
  TenantNotFoundError,
  validate,
  type AuditContext,
  type ExportTenantInput,
  type JsonObject,
  type TenantExport,
  type GdprApi,
} from "@stratum-hq/core";
import { Readable } from "node:stream";
import { readOptions } from "../context/call-options";
import { OperationAttendant } from "../operations/operation-attendant";
import type { OperationRow } from "../operations/operation-row";
import { Database } from "../persistence/database";
import type { Snapshot } from "../persistence/snapshot";
import { Mutations } from "../tenancy/mutations";
import { TenantStore } from "../tenancy/tenant.store";
import { parseExact } from "./exact-json";
import { requireExportable, requireReveal, type ExportTarget } from "./export-access";
import { exportRecord } from "./export-records";
import { ExportRows } from "./export-rows";
import { ExportRun } from "./export-run";

/** Hands out everything that Stratum holds on a tenant (GDPR, Article 20). */
@Injectable()
export class TenantExportService implements Pick<
  GdprApi,
  "exportTenantData" | "exportTenantStream"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly database: Database,
    private readonly tenants: TenantStore,
    private readonly attendant: OperationAttendant,
    private readonly rows: ExportRows,
  ) {}

  async exportTenantData(
    id: string,
    options?: ExportTenantInput | AuditContext,
    audit?: AuditContext,
  ): Promise<TenantExport> {
    const run = await this.start(id, options, audit);
    try {
      const rows = await collected(run);
      const manifest = await run.done();
      const parts: [string, JsonObject[]][] = Object.keys(manifest.parts).map((part) => [
        part,
        rows.get(part) ?? [],
      ]);
      const [tenant] = rows.get("tenant") as [JsonObject];
      return { ...Object.fromEntries(parts), tenant, manifest };
    } catch (error) {
      await run.abandon(error);
      throw error;
    }
  }

  async exportTenantStream(
    id: string,
    options?: ExportTenantInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Readable> {
    const run = await this.start(id, options, audit);
    const stream = Readable.from(linesOf(run), { objectMode: false });
    const cancel = (): void => void stream.destroy(run.signal.reason as Error);
    run.signal.addEventListener("abort", cancel, { once: true });
    // Also where nobody has begun to read it, so that the generator's own end would not be reached.
    stream.once("close", () => {
      run.signal.removeEventListener("abort", cancel);
      run.abandon(failureOf(stream)).catch(() => undefined);
    });
    return stream;
  }

  private async start(
    id: string,
    options: ExportTenantInput | AuditContext | undefined,
    audit: AuditContext | undefined,
  ): Promise<ExportRun> {
    const tenant_id = validate(tenantIdSchema, id, "id");
    const { options: given, caller } = readOptions(exportTenantSchema, options, audit);
    const include_secrets = given.include_secrets ?? false;
    const target = { tenant_id, caller, include_secrets };
    requireReveal(target);
    return this.open(await this.begin(target), target);
  }

  /** Puts on record that it begins: what has been read may have gone out, however it ends. */
  private async begin(target: ExportTarget): Promise<OperationRow> {
    const { tenant_id, caller } = target;
    const lock = { tree: "none" } as const;
    const request = { tenant: tenant_id, caller, operation: null, lock };
    return this.mutations.run(request, async (m) => {
      requireExportable(m.tenant);
      const operation = await this.attendant.start(m.tx, caller, { type: "export", tenant_id });
      await m.record([exportRecord("tenant.export_started", operation.id, target)], []);
      return operation;
    });
  }

  /** Opens the snapshot that is exported. @throws TenantNotFoundError for a tenant that is gone by then */
  private async open(operation: OperationRow, target: ExportTarget): Promise<ExportRun> {
    const attended = this.attendant.attend(operation);
    let snapshot: Snapshot | undefined;
    try {
      snapshot = await this.database.openSnapshot();
      const exportedAt = await snapshot.time();
      await attended.hold(snapshot);
      const { tenant_id } = target;
      if ((await this.tenants.findById(tenant_id, snapshot)) === undefined)
        throw new TenantNotFoundError({ tenant_id });
      const { mutations, rows } = this;
      return new ExportRun({ mutations, rows }, snapshot, attended, target, exportedAt);
    } catch (error) {
      await snapshot?.close();
      await attended.fail(error);
      throw error;
    }
  }
}

/** What a stream ended with; none where its reader just stopped reading. */
function failureOf({ errored }: Readable): Error | undefined {
  return errored === null || errored.name === "AbortError" ? undefined : errored;
}

async function* linesOf(run: ExportRun): AsyncGenerator<Buffer> {
  for await (const { lines } of run.batches()) yield lines;
  yield Buffer.from(`${JSON.stringify({ manifest: await run.done() })}\n`);
}

/** The rows of all parts that have any. */
async function collected(run: ExportRun): Promise<Map<string, JsonObject[]>> {
  const parts = new Map<string, JsonObject[]>();
  let bytes = 0;
  for await (const { part, rows, lines } of run.batches()) {
    bytes += lines.length;
    if (bytes > EXPORT_OBJECT_MAX_BYTES) {
      const use = ["exportTenantStream", "bytes of rows", "which has no limit"] as const;
      throw new ResultTooLargeError(...use, EXPORT_OBJECT_MAX_BYTES);
    }
    const read = parts.get(part) ?? [];
    for (const row of rows) read.push(parseExact(row));
    parts.set(part, read);
  }
  return parts;
}
