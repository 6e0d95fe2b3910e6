import { StratumError } from "../errors/stratum-error";

/** Details: `{ id }`. */
export class AuditEntryNotFoundError extends StratumError {
  constructor(id: string) {
    super("AUDIT_ENTRY_NOT_FOUND", `No audit entry with id ${id}. Check the id.`, { id });
  }
}
