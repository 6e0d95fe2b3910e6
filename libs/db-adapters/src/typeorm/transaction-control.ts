import type { TransactionOptions } from "../pg/transaction-options";

/** What TypeORM's query runner says to begin, end and nest transactions. */
export type Control =
  | { readonly kind: "begin" | "commit" | "rollback" }
  | { readonly kind: "modes"; readonly options: TransactionOptions }
  | { readonly kind: "savepoint" | "release" | "rollback to"; readonly name: string };

const ENDS: Readonly<Record<string, Control>> = {
  "START TRANSACTION": { kind: "begin" },
  COMMIT: { kind: "commit" },
  ROLLBACK: { kind: "rollback" },
};

const MODES: Readonly<Record<string, TransactionOptions>> = {
  // PostgreSQL reads what is committed in this one too.
  "ISOLATION LEVEL READ UNCOMMITTED": { isolation: "read committed" },
  "ISOLATION LEVEL READ COMMITTED": { isolation: "read committed" },
  "ISOLATION LEVEL REPEATABLE READ": { isolation: "repeatable read" },
  "ISOLATION LEVEL SERIALIZABLE": { isolation: "serializable" },
  "READ ONLY": { readOnly: true },
  "READ WRITE": { readOnly: false },
};

const SAVEPOINTS = {
  SAVEPOINT: "savepoint",
  "RELEASE SAVEPOINT": "release",
  "ROLLBACK TO SAVEPOINT": "rollback to",
} as const;

/** The control that a text of TypeORM's is; undefined for any other statement. */
export function controlOf(text: string): Control | undefined {
  if (Object.hasOwn(ENDS, text)) return ENDS[text];
  const [, mode = ""] = /^SET TRANSACTION (.+)$/.exec(text) ?? [];
  if (Object.hasOwn(MODES, mode)) return { kind: "modes", options: MODES[mode] ?? {} };
  const [, verb, name] = /^(.*SAVEPOINT) (typeorm_\d+)$/.exec(text) ?? [];
  if (verb === undefined || name === undefined || !Object.hasOwn(SAVEPOINTS, verb))
    return undefined;
  return { kind: SAVEPOINTS[verb as keyof typeof SAVEPOINTS], name };
}
