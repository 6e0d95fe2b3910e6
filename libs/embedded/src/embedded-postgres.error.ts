/** Why an embedded PostgreSQL did not start; README.md lists the remedies. */
export type EmbeddedPostgresErrorCode =
  /** No binaries are installed for this platform. */
  | "BINARIES_MISSING"
  /** The process's user id has no entry in the user database, which PostgreSQL insists on. */
  | "UID_UNKNOWN"
  /** The process is root, and there is no unprivileged user to run PostgreSQL as. */
  | "NO_UNPRIVILEGED_USER"
  /** The directory is no PostgreSQL data directory, or belongs to somebody else. */
  | "DATA_DIRECTORY_UNUSABLE"
  /** The directory was made by another major release of PostgreSQL. */
  | "DATA_DIRECTORY_VERSION"
  /** The port that was asked for is taken. */
  | "PORT_IN_USE"
  /** initdb or the server failed; `details` ends with what it logged. */
  | "START_FAILED"
  /** The server did not accept connections in time. */
  | "START_TIMEOUT";

/** What {@link startEmbeddedPostgres} rejects with. The message names the remedy. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;
  /** The end of the server's log, where there is one. */
  readonly details: string;

  constructor(code: EmbeddedPostgresErrorCode, message: string, details = "", cause?: unknown) {
    super(details === "" ? message : `${message}\n${details}`, { cause });
    this.name = "EmbeddedPostgresError";
    this.code = code;
    this.details = details;
  }
}
