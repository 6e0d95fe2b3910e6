import { escapeIdentifier } from "pg";
import { insertOf, type Row } from "./canary-row";
import {
  codeOf,
  isConstraint,
  isRefusal,
  leak,
  notAttacked,
  otherwise,
  REFUSED,
  type Outcome,
} from "./outcome";
import type { Scene } from "./scene";
import type { Target } from "./target";

/** The victim's rows, down to where they stand: any write to them shows. */
async function fingerprint({ stage, target, victim, attacker }: Scene): Promise<string> {
  await stage.become(victim);
  const rows = `md5(concat(t.ctid, ' ', t.tableoid, ' ', t.*))`;
  const {
    rows: [found],
  } = await stage.query<{ print: string | null }>(
    `select string_agg(${rows}, ',' order by ${rows}) as print from ${target.name} as t where tenant_id = $1`,
    [victim.tenant],
  );
  await stage.become(attacker);
  return found?.print ?? "";
}

/**
 * A write: a leak where the victim's rows are others after it, and where a constraint refused it that nothing
 * but foreign rows can have broken, since the policies come before.
 *
 * @param proof the SQLSTATEs of such constraints
 * @param alone whether the attacker's own row goes first; where it cannot, no constraint proves anything
 */
async function writes(
  scene: Scene,
  text: string,
  values: readonly unknown[],
  { proof = /^23/, alone = false }: { proof?: RegExp; alone?: boolean } = {},
): Promise<Outcome> {
  const { stage } = scene;
  const before = await fingerprint(scene);
  const own = { gone: true };
  const attempt = await stage.attempt(async () => {
    if (alone) own.gone = await takeOwnAway(scene);
    await stage.query(text, values);
    return fingerprint(scene);
  });
  if ("result" in attempt)
    return attempt.result === before ? REFUSED : leak("foreign rows are written");
  if (isRefusal(attempt.error)) return REFUSED;
  if (own.gone && proof.test(codeOf(attempt.error)))
    return leak("only a constraint refused it, and no policy");
  return otherwise(attempt.error);
}

/** Takes the attacker's own row away, so that nothing collides with it; false where a tenant may not. */
async function takeOwnAway({ stage, target, attacker }: Scene): Promise<boolean> {
  const text = `delete from ${target.name} where tenant_id = $1`;
  return stage.client
    .transaction(() => stage.query(text, [attacker.tenant]))
    .then(
      () => true,
      () => false,
    );
}

/** The victim's row once more, under a key of its own where that is not the tenant's. */
function insert(scene: Scene): Promise<Outcome> {
  const { target, own, foreign } = scene;
  const key = target.key.filter((column) => column !== "tenant_id");
  const row = {
    ...foreign,
    ...Object.fromEntries(key.map((column) => [column, own[column] ?? null])),
  };
  const { text, values } = insertOf(target, row);
  return writes(scene, text, values, { alone: true, proof: /^23505$/ });
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
  return writes(scene, `${text} ${conflict}`, values, { alone: true, proof: /^$/ });
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
  const mine = { gone: false };
  const attempt = await stage.attempt(async () => {
    mine.gone = await takeOwnAway(scene);
    return stage.query(text, values);
  });
  if ("result" in attempt) return REFUSED;
  if (!mine.gone) return notAttacked("a tenant may not delete from it");
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
    await takeOwnAway(scene);
    return stage.query(row.text, row.values);
  });
  if ("result" in attempt) return leak("a row refers to a foreign one, and tells that it is there");
  const { constraint } = attempt.error as { constraint?: string };
  return constraint === key.name || isRefusal(attempt.error) ? REFUSED : otherwise(attempt.error);
}
