import { StratumError } from "../errors/stratum-error";

/** Details: `{ id }`. */
export class PurgeCertificateNotFoundError extends StratumError {
  constructor(id: string) {
    super(
      "PURGE_CERTIFICATE_NOT_FOUND",
      `No purge that is done has this id, or took a tenant of this id: ${id}. Check the id.`,
      { id },
    );
  }
}
