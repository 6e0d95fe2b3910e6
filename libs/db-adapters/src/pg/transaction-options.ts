import { ValidationError } from "@stratum-hq/core";

const ISOLATION = {
  "read committed": "READ COMMITTED",
  "repeatable read": "REPEATABLE READ",
  serializable: "SERIALIZABLE",
} as const;

/** What kind of transaction; the database's defaults where left out. */
export interface TransactionOptions {
  readonly isolation?: keyof typeof ISOLATION;
  readonly readOnly?: boolean;
}

/** The BEGIN with its modes, which PostgreSQL takes no later than that. @throws ValidationError */
export function beginText({ isolation, readOnly }: TransactionOptions): string {
  const modes: string[] = [];
  if (isolation !== undefined) {
    if (!Object.hasOwn(ISOLATION, isolation)) {
      const message = `one of ${Object.keys(ISOLATION).join(", ")}`;
      throw new ValidationError("options", [{ path: "isolation", message }]);
    }
    modes.push(`ISOLATION LEVEL ${ISOLATION[isolation]}`);
  }
  if (readOnly !== undefined) modes.push(readOnly ? "READ ONLY" : "READ WRITE");
  return ["BEGIN", modes.join(", ")].join(" ").trimEnd();
}
