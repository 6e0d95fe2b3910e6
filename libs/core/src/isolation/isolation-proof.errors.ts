import { StratumError } from "../errors/stratum-error";

/** Something through which a tenant's statement could reach another tenant's rows, or that bodes ill. */
export interface IsolationFinding {
  /** What was looked at: `policy`, `view`, `role` and their like. */
  readonly check: string;
  /** The object, as SQL names it. */
  readonly object: string;
  readonly problem: string;
  /** What mends it, for a login that may change the object. */
  readonly statement: string;
}

/** Details: `{ findings: [{ check, object, problem, statement }] }`. */
export class IsolationUnsoundError extends StratumError {
  constructor(findings: readonly IsolationFinding[]) {
    const list = findings.map(
      ({ object, problem, statement }) => `${object}: ${problem} (run: ${statement})`,
    );
    super("ISOLATION_UNSOUND", `A tenant could reach the rows of another: ${list.join("; ")}`, {
      findings,
    });
  }
}
