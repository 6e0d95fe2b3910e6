import { codeOf } from "./outcome";
import type { Stage } from "./stage";
import type { Target, TargetColumn } from "./target";
import { candidatesFor } from "./values";

/** One column's candidates, and which of them comes next. */
export interface Choice {
  readonly column: string;
  readonly candidates: readonly string[];
  at: number;
}

const NOT_NULL = "23502";
const CHECK = "23514";

const VALID = `select v.n::int as n, v.text from unnest($1::int[], $2::text[], $3::text[]) as v(n, text, type)
  where pg_input_is_valid(v.text, v.type)`;

/** What each column may take, without what its type refuses. */
export async function choicesFor(
  stage: Stage,
  columns: readonly TargetColumn[],
): Promise<readonly Choice[]> {
  const all = columns.flatMap((column, n) =>
    candidatesFor(column).map((text) => ({ n, text, type: column.declared })),
  );
  const { rows } = await stage.query<{ n: number; text: string }>(VALID, [
    all.map(({ n }) => n),
    all.map(({ text }) => text),
    all.map(({ type }) => type),
  ]);
  return columns.map(({ name }, n) => ({
    column: name,
    candidates: rows.filter((row) => row.n === n).map(({ text }) => text),
    at: 0,
  }));
}

/** Takes the next candidate of the columns that an error is about; false where none is left. */
export function chooseAnew(target: Target, choices: readonly Choice[], error: unknown): boolean {
  const { column, constraint } = error as { column?: string; constraint?: string };
  const code = codeOf(error);
  let concerned: readonly string[] = choices.map((choice) => choice.column);
  if (code === NOT_NULL && column !== undefined) concerned = [column];
  else if (code === CHECK) concerned = target.checks[constraint ?? ""] ?? concerned;
  else if (!code.startsWith("22")) return false;
  return advance(choices.filter((choice) => concerned.includes(choice.column)));
}

/** To the next combination of candidates, as an odometer goes. */
function advance(choices: readonly Choice[]): boolean {
  for (const choice of choices) {
    choice.at += 1;
    if (choice.at < choice.candidates.length) return true;
    choice.at = 0;
  }
  return false;
}
