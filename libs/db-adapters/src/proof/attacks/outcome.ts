import type { Attack } from "@stratum-hq/core";

export type Outcome = Pick<Attack, "outcome" | "detail">;

export const REFUSED: Outcome = { outcome: "refused", detail: "" };

export function leak(detail: string): Outcome {
  return { outcome: "leak", detail };
}

export function notAttacked(detail: string): Outcome {
  return { outcome: "not attacked", detail };
}

/**
 * No privilege or a policy; COPY into a table with policies; a role or a context that is not to be had; a statement
 * that is not sent.
 */
const REFUSALS = [
  "42501",
  "0A000",
  "TENANT_CONTEXT_MISSING",
  "TENANT_CONTEXT_FORGED",
  "STATEMENT_FORBIDDEN",
];

export function codeOf(error: unknown): string {
  const { code } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

export function isRefusal(error: unknown): boolean {
  return REFUSALS.includes(codeOf(error));
}

/** A constraint's error: whoever gets one has passed the policies, which come first. */
export function isConstraint(error: unknown): boolean {
  return codeOf(error).startsWith("23");
}

/** An error that is neither, in words that hold no values. */
export function otherwise(error: unknown): Outcome {
  return notAttacked(`refused for another reason, SQLSTATE ${codeOf(error) || "none"}`);
}
