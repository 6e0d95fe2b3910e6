/** Exports and purges. */
export * from "./limits";
export * from "./purge.errors";
export { purgeTenantSchema, type PurgeCertificate, type PurgeTenantInput } from "./purge.schemas";
export {
  EXPORT_FORMAT,
  exportTenantSchema,
  type ExportedPart,
  type ExportManifest,
  type ExportTenantInput,
  type TenantExport,
} from "./export.schemas";
export { GDPR_API, type GdprApi } from "./api";
