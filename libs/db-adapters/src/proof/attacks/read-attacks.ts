import { escapeLiteral } from "pg";
import { isRefusal, leak, otherwise, REFUSED, type Outcome } from "./outcome";
import type { Scene } from "./scene";

/** Counts foreign rows that a relation shows the attacker. */
export async function readsFrom(
  scene: Pick<Scene, "stage" | "attacker">,
  relation: string,
): Promise<Outcome> {
  const { stage, attacker } = scene;
  const count = `select count(*)::int as n from ${relation} where tenant_id is distinct from $1`;
  const attempt = await stage.attempt(() => stage.query<{ n: number }>(count, [attacker.tenant]));
  if ("error" in attempt) return isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
  const n = attempt.result.rows[0]?.n;
  return n === 0 ? REFUSED : leak(`${n} rows of other tenants are read`);
}

/** Nobody's context has to be an error, and never all rows. */
export async function readsWithoutContext({
  stage,
  target,
}: Pick<Scene, "stage" | "target">): Promise<Outcome> {
  const attempt = await stage.attempt(async () => {
    await stage.become({ context: "" });
    return stage.query(`select from ${target.name} limit 1`);
  });
  if ("error" in attempt) return isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
  return attempt.result.rowCount === 0 ? REFUSED : leak("rows are read without a context");
}

/** Rows that COPY sends out; pg counts them, and keeps none. */
export async function copiesOut({ stage, target, victim }: Scene): Promise<Outcome> {
  const rows = `select from ${target.name} where tenant_id = ${escapeLiteral(victim.tenant)}`;
  const attempt = await stage.attempt(() => stage.query(`copy (${rows}) to stdout`));
  if ("error" in attempt) return isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
  return attempt.result.rowCount === 0
    ? REFUSED
    : leak(`${attempt.result.rowCount} foreign rows are copied`);
}

/** TRUNCATE knows no policies; asked for, not tried, since it would lock the table. */
export async function truncates({
  stage,
  target,
}: Pick<Scene, "stage" | "target">): Promise<Outcome> {
  const { rows } = await stage.query<{ may: boolean }>(
    "select has_table_privilege(current_user, $1, 'TRUNCATE') as may",
    [target.name],
  );
  return rows[0]?.may === false ? REFUSED : leak("a tenant may empty the table");
}
