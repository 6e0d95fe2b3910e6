/** Why an embedded PostgreSQL did not start or stop; README.md lists the remedies. */
export type EmbeddedPostgresErrorCode =
  /** There are no binaries for this operating system and processor. */
  | "PLATFORM_UNSUPPORTED"
  /** The npm package with this platform's binaries is not installed. */
  | "BINARIES_MISSING"
  /** The binaries are installed, but do not run here, even from a copy; `details` says why. */
  | "BINARIES_UNUSABLE"
  /** The process's user id has no entry in the user database, which PostgreSQL insists on. */
  | "UID_UNKNOWN"
  /** The process is root, and there is no unprivileged user to run PostgreSQL as. */
  | "NO_UNPRIVILEGED_USER"
  /** Each place for copied binaries or data can be written by other users, or not at all. */
  | "NO_SAFE_DIRECTORY"
  /** The directory is no data directory of this package's, belongs to somebody else or is out of reach. */
  | "DATA_DIRECTORY_UNUSABLE"
  /** The directory was made by another major release of PostgreSQL. */
  | "DATA_DIRECTORY_VERSION"
  /** The port that was asked for is not a whole number from 1 to 65535. */
  | "PORT_INVALID"
  /** The port that was asked for is taken, or needs privileges. */
  | "PORT_IN_USE"
  /** initdb or the server failed; `details` ends with what it logged. */
  | "START_FAILED"
  /** The server did not accept connections in time. */
  | "START_TIMEOUT"
  /** The server did not end in time. */
  | "STOP_TIMEOUT";

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
