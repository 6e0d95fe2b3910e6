import { escapeIdentifier } from "pg";
import { chooseAnew, choicesFor } from "./choices";
import { codeOf } from "./outcome";
import type { Canary, Stage } from "./stage";
import type { Target } from "./target";

/** Rows that are tried before a table counts as one that cannot be filled. */
const ATTEMPTS_MAX = 60;

/** A row by its columns, each value as text. */
export type Row = Readonly<Record<string, string | null>>;

/** Why there is no row. */
export class Unfillable extends Error {}

/** An insert of the row, and its values. */
export function insertOf(target: Target, row: Row): { text: string; values: (string | null)[] } {
  const names = Object.keys(row);
  const columns = names.map(escapeIdentifier).join(", ");
  const values = names.map((_, n) => `$${n + 1}`).join(", ");
  return {
    text: `insert into ${target.name} (${columns}) values (${values})`,
    values: Object.values(row),
  };
}

/**
 * Inserts a row of the canary's, which the stage has become: `given` values, and for every other column that
 * needs one, whichever PostgreSQL takes. Nothing is disabled for it: what CHECKs and triggers refuse, they
 * refuse.
 *
 * @returns the row as it stands
 * @throws Unfillable
 */
export async function insertCanary(
  stage: Stage,
  target: Target,
  { tenant }: Canary,
  given: Row,
): Promise<Row> {
  const needed = target.columns.filter(
    ({ name, required }) => required && given[name] === undefined,
  );
  const choices = await choicesFor(stage, needed);
  const returned = target.columns.map(
    ({ name }) => `${escapeIdentifier(name)}::text as ${escapeIdentifier(name)}`,
  );
  for (let attempt = 1; ; attempt += 1) {
    const chosen = choices.map(({ column, candidates, at }) => [column, candidates[at] ?? null]);
    const row: Row = { tenant_id: tenant, ...given, ...(Object.fromEntries(chosen) as Row) };
    const { text, values } = insertOf(target, row);
    try {
      const { rows } = await stage.client.transaction(() =>
        stage.query<Record<string, string | null>>(
          `${text} returning ${returned.join(", ")}`,
          values,
        ),
      );
      if (rows[0] === undefined) throw new Unfillable("a trigger or a rule lets no row in");
      return rows[0];
    } catch (error) {
      if (error instanceof Unfillable) throw error;
      if (attempt === ATTEMPTS_MAX || !chooseAnew(target, choices, error)) {
        throw new Unfillable(reasonOf(error));
      }
    }
  }
}

function reasonOf(error: unknown): string {
  const { constraint } = error as { constraint?: string };
  return `no row could be made: SQLSTATE ${codeOf(error)}${constraint === undefined ? "" : `, ${constraint}`}`;
}
