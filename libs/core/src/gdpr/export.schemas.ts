import { z } from "zod";
import type { JsonObject } from "../json/json-value";
import type { EXPORT_FORMAT_VERSION } from "./limits";

/** What an export's manifest calls its format. */
export const EXPORT_FORMAT = "stratum-tenant-export";

/** `include_secrets` has sensitive values of configuration in clear, for callers with `config:reveal`. */
export const exportTenantSchema = z.strictObject({ include_secrets: z.boolean().optional() });
export type ExportTenantInput = z.input<typeof exportTenantSchema>;

/** What an export has of one table. */
export interface ExportedPart {
  readonly rows: number;
  /** SHA-256, in hexadecimal digits, of the part's lines: docs/gdpr.md says what a line is. */
  readonly sha256: string;
}

/** What an export says of itself. */
export interface ExportManifest {
  readonly format: typeof EXPORT_FORMAT;
  readonly version: typeof EXPORT_FORMAT_VERSION;
  readonly tenant_id: string;
  /** The moment of the snapshot that all of it is from. ISO 8601 in UTC. */
  readonly exported_at: string;
  readonly include_secrets: boolean;
  /** The long operation that the export was, in the audit log and in `getOperation`. */
  readonly operation_id: string;
  /** By their names, in the order in which the export has them; a part without rows is among them. */
  readonly parts: Readonly<Record<string, ExportedPart>>;
}

/** Everything that Stratum holds on a tenant: rows by the name of their table, and the tenant itself. */
export interface TenantExport {
  readonly manifest: ExportManifest;
  readonly tenant: JsonObject;
  readonly [part: string]: JsonObject | readonly JsonObject[] | ExportManifest;
}
