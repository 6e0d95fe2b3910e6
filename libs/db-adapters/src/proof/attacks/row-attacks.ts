import { escapeIdentifier, escapeLiteral } from "pg";
import { insertOf, type Row } from "./canary-row";
import {
  isConstraint,
  isRefusal,
  leak,
  notAttacked,
  otherwise,
  REFUSED,
  type Outcome,
} from "./outcome";
import type { Canary, Stage } from "./stage";
import type { Target } from "./target";

/** Two canaries that both have a row of the table; the stage is the attacker's. */
export interface Scene {
  readonly stage: Stage;
  readonly target: Target;
  readonly attacker: Canary;
  readonly victim: Canary;
  readonly own: Row;
  readonly foreign: Row;
}

/** Counts foreign rows that a relation shows the attacker. */
export async function readsFrom(
  scene: Pick<Scene, "stage" | "attacker">,
  relation: string,
): Promise<Outcome> {
  const { stage, attacker } = scene;
  const count = `select count(*)::int as n from ${relation} where tenant_id is distinct from $1`;
  const attempt = await stage.attempt(() =>
    stage.client.query<{ n: number }>(count, [attacker.tenant]),
  );
  if ("error" in attempt) return isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
  const n = attempt.result.rows[0]?.n ?? 0;
  return n === 0 ? REFUSED : leak(`${n} rows of other tenants are read`);
}

/** Nobody's context has to be an error, and never all rows. */
export async function readsWithoutContext({
  stage,
  target,
}: Pick<Scene, "stage" | "target">): Promise<Outcome> {
  const attempt = await stage.attempt(async () => {
    await stage.become({ context: "" });
    return stage.client.query(`select from ${target.name} limit 1`);
  });
  if ("error" in attempt) return isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
  return attempt.result.rowCount === 0 ? REFUSED : leak("rows are read without a context");
}

/** Rows that COPY sends out; pg counts them, and keeps none. */
export async function copiesOut({ stage, target, victim }: Scene): Promise<Outcome> {
  const rows = `select from ${target.name} where tenant_id = ${escapeLiteral(victim.tenant)}`;
  const attempt = await stage.attempt(() => stage.client.query(`copy (${rows}) to stdout`));
  if ("error" in attempt) return isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
  return attempt.result.rowCount === 0
    ? REFUSED
    : leak(`${attempt.result.rowCount} foreign rows are copied`);
}

/** The victim's rows, down to where they stand: any write to them shows. */
async function fingerprint({ stage, target, victim, attacker }: Scene): Promise<string> {
  await stage.become(victim);
  const rows = `md5(concat(t.ctid, ' ', t.tableoid, ' ', t.*))`;
  const {
    rows: [found],
  } = await stage.client.query<{ print: string | null }>(
    `select string_agg(${rows}, ',' order by ${rows}) as print from ${target.name} as t where tenant_id = $1`,
    [victim.tenant],
  );
  await stage.become(attacker);
  return found?.print ?? "";
}

/**
 * A write: a leak where the victim's rows are others after it, and where a constraint refused it, since the
 * policies come before.
 *
 * @param prepare what the attacker does to its own rows first
 */
async function writes(
  scene: Scene,
  text: string,
  values: readonly unknown[],
  { prepare, constraints = true }: { prepare?: () => Promise<unknown>; constraints?: boolean } = {},
): Promise<Outcome> {
  const { stage } = scene;
  const before = await fingerprint(scene);
  const attempt = await stage.attempt(async () => {
    await prepare?.();
    await stage.client.query(text, values);
    return fingerprint(scene);
  });
  if ("result" in attempt)
    return attempt.result === before ? REFUSED : leak("foreign rows are written");
  if (isRefusal(attempt.error)) return REFUSED;
  if (constraints && isConstraint(attempt.error))
    return leak("only a constraint refused it, and no policy");
  return otherwise(attempt.error);
}

function withoutOwn({ stage, target, attacker }: Scene): () => Promise<unknown> {
  return () =>
    stage.client.query(`delete from ${target.name} where tenant_id = $1`, [attacker.tenant]);
}

function insert(scene: Scene): Promise<Outcome> {
  const { text, values } = insertOf(scene.target, scene.foreign);
  return writes(scene, text, values);
}

function upsert(scene: Scene): Promise<Outcome> {
  const { target, own, foreign } = scene;
  if (target.key.length === 0) return Promise.resolve(notAttacked("it has no primary key"));
  const key = target.key.filter((column) => column !== "tenant_id");
  const row = {
    ...own,
    ...Object.fromEntries(key.map((column) => [column, foreign[column] ?? null])),
  };
  const { text, values } = insertOf(target, row);
  const arbiter = target.key.map(escapeIdentifier).join(", ");
  const conflict = `on conflict (${arbiter}) do update set tenant_id = excluded.tenant_id`;
  return writes(scene, `${text} ${conflict}`, values, {
    prepare: withoutOwn(scene),
    constraints: false,
  });
}

/** The victim's values in a row of the attacker's: a constraint that refuses them tells that they are there. */
async function takesValues(scene: Scene): Promise<Outcome> {
  const { stage, target, own, foreign } = scene;
  const kept = new Set([
    "tenant_id",
    ...target.key,
    ...target.foreign_keys.flatMap(({ columns }) => columns.map(([column]) => column)),
  ]);
  const chosen = Object.keys(foreign).map((column) => [
    column,
    (kept.has(column) ? own : foreign)[column] ?? null,
  ]);
  const { text, values } = insertOf(target, Object.fromEntries(chosen) as Row);
  const attempt = await stage.attempt(async () => {
    await withoutOwn(scene)();
    return stage.client.query(text, values);
  });
  if ("result" in attempt) return REFUSED;
  if (isConstraint(attempt.error))
    return leak("a constraint tells that a value is another tenant's");
  return otherwise(attempt.error);
}

/** Every write on the rows of a table, by the name of the attack. */
export const WRITES: Readonly<Record<string, (scene: Scene) => Promise<Outcome>>> = {
  insert,
  upsert,
  "same values": takesValues,
  update: (scene) =>
    writes(scene, `update ${scene.target.name} set tenant_id = $1 where tenant_id = $2`, [
      scene.attacker.tenant,
      scene.victim.tenant,
    ]),
  "give away": (scene) =>
    writes(scene, `update ${scene.target.name} set tenant_id = $1 where tenant_id = $2`, [
      scene.victim.tenant,
      scene.attacker.tenant,
    ]),
  delete: (scene) =>
    writes(scene, `delete from ${scene.target.name} where tenant_id = $1`, [scene.victim.tenant]),
  merge: (scene) =>
    writes(
      scene,
      `merge into ${scene.target.name} as t using (values ($1::uuid)) as v(id) on t.tenant_id = v.id when matched then delete`,
      [scene.victim.tenant],
    ),
};

/** A row of the attacker's that refers to the victim's. */
export async function refersTo(
  scene: Scene,
  referred: Row,
  key: Target["foreign_keys"][number],
): Promise<Outcome> {
  if (key.deferred) return notAttacked("it is checked at the end of the transaction only");
  const { stage, target, own } = scene;
  const pairs = key.columns.filter(([column]) => column !== "tenant_id");
  const values = Object.fromEntries(
    pairs.map(([column, other]) => [column, referred[other] ?? null]),
  );
  const row = insertOf(target, { ...own, ...values });
  const attempt = await stage.attempt(async () => {
    await withoutOwn(scene)();
    return stage.client.query(row.text, row.values);
  });
  if ("result" in attempt) return leak("a row refers to a foreign one, and tells that it is there");
  const { constraint } = attempt.error as { constraint?: string };
  return constraint === key.name || isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
}

/** TRUNCATE knows no policies; asked for, not tried, since it would lock the table. */
export async function truncates({
  stage,
  target,
}: Pick<Scene, "stage" | "target">): Promise<Outcome> {
  const { rows } = await stage.client.query<{ may: boolean }>(
    "select has_table_privilege(current_user, $1, 'TRUNCATE') as may",
    [target.name],
  );
  return rows[0]?.may === true ? leak("a tenant may empty the table") : REFUSED;
}
