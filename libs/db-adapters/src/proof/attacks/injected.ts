import { codeOf, leak, notAttacked, REFUSED, type Outcome } from "./outcome";
import type { Attack } from "@stratum-hq/core";
import { onStage, type Canary, type Stage } from "./stage";
import type { TenantPool } from "../../pg/tenant-pool";
import type { Pair } from "./attack-table";

/** What the place is, whose tables' names are attacked. */
export interface InjectionScene {
  /** A table of tenants' rows, quoted; undefined where the place has none. */
  readonly table: string | undefined;
  readonly pair: Pair;
  /** A context of the victim's that has expired. */
  readonly expired: string;
  /** Roles that a tenant must not be able to become. */
  readonly roles: readonly string[];
  /** Tables of schema stratum, quoted. */
  readonly control: readonly string[];
}

/** An injected statement, and what it may be refused with; none where it may pass and gain nothing. */
type Injected = readonly [
  attack: string,
  text: string,
  values: readonly unknown[],
  codes: RegExp | null,
];

const DENIED = /^42501$/;
/** What may pass may be refused as well: there is no such role, or its policies want another context. */
const NOT_LET = /^(42501|22023|TENANT_CONTEXT_FORGED)$/;
const FORGED = /^TENANT_CONTEXT_FORGED$/;
const FORBIDDEN = /^STATEMENT_FORBIDDEN$/;
const SET_CONTEXT = "select set_config('stratum.context', $1, true)";
const SET_ROLE = "select set_config('role', $1, true)";

const BLOCK = "decode(repeat('00', 64), 'hex')";
const INSTALL = `select stratum.install_context_key(repeat('0', 16), ${BLOCK}, ${BLOCK})`;

/** What must be refused as it stands. */
function refusedOutright({ roles, control, table }: InjectionScene): Injected[] {
  const words = [
    "set role none",
    "reset role",
    "set search_path = pg_temp",
    "reset all",
    "prepare p as select 1",
    "deallocate all",
    "discard all",
    "listen x",
    "do $$ begin end $$",
    "commit",
    "/* */ begin",
    "rollback",
    "drop owned by stratum_tenant",
    "alter role stratum_tenant set row_security = off",
    "alter default privileges grant select on tables to public",
    "declare stratum_proof cursor with hold for select 1",
    "copy (select 1) to stdout",
    "explain create table public.stratum_proof as select 1",
    "create function public.current_tenant_id() returns uuid language sql as 'select null::uuid'",
    "create or replace function stratum.current_tenant_id() returns uuid language sql as 'select null::uuid'",
    "create operator public.= (leftarg = uuid, rightarg = uuid, function = pg_catalog.uuid_ne)",
    "create schema stratum_proof",
    "create table public.stratum_proof (id int)",
    "create temporary table stratum_proof (id int)",
    "create view public.stratum_proof as select 1",
    "alter function stratum.current_tenant_id() owner to session_user",
  ];
  const altered =
    table === undefined
      ? []
      : [
          `alter table ${table} no force row level security`,
          `drop policy stratum_isolation on ${table}`,
          `alter table ${table} disable row level security`,
        ];
  return [
    ...[...words, ...altered].map((text): Injected => [text, text, [], FORBIDDEN]),
    ["two statements in one", "select 1; select 2", [], /^42601$/],
    ["a table out of a query", "select 1 as id into public.stratum_proof", [], DENIED],
    ["a temporary table out of a query", "select 1 as id into temporary stratum_proof", [], DENIED],
    ...roles.map((role): Injected => [`become ${role}`, SET_ROLE, [role], /^(42501|22023)$/]),
    ...control.map((name): Injected => [`read ${name}`, `select from ${name} limit 1`, [], DENIED]),
    ["install a key", INSTALL, [], DENIED],
  ];
}

/** What may pass, and after which the attacker sees no more than before. */
function gainsNothing({ pair: [victim, attacker], expired }: InjectionScene): Injected[] {
  const { context } = attacker;
  const last = context.endsWith("0") ? "1" : "0";
  return [
    ["another tenant's id as the context", SET_CONTEXT, [victim.tenant], FORGED],
    [
      "another tenant's id in the own context",
      SET_CONTEXT,
      [context.replace(attacker.tenant, victim.tenant)],
      FORGED,
    ],
    ["an altered signature", SET_CONTEXT, [`${context.slice(0, -1)}${last}`], FORGED],
    ["an expired context", SET_CONTEXT, [expired], /^TENANT_CONTEXT_EXPIRED$/],
    ["no context", SET_CONTEXT, [""], /^TENANT_CONTEXT_MISSING$/],
    ["the role of roll-ups", SET_ROLE, ["stratum_subtree"], null],
    ["the login itself", SET_ROLE, ["none"], null],
    [
      "another search path",
      "select set_config('search_path', 'pg_temp, public, pg_catalog', true)",
      [],
      null,
    ],
    ["row_security off", "select set_config('row_security', 'off', true)", [], DENIED],
  ];
}

/** SQL that somebody injects into a tenant's statement, under a login that is for tenants alone. */
export async function injectSql(
  pool: TenantPool,
  scene: InjectionScene,
): Promise<readonly Attack[]> {
  const [, attacker] = scene.pair;
  return onStage(pool, attacker, async (stage) => {
    const made: Attack[] = [];
    for (const injected of refusedOutright(scene)) {
      made.push({ attack: "inject", object: injected[0], ...(await refuses(stage, injected)) });
    }
    for (const injected of gainsNothing(scene)) {
      const outcome =
        scene.table === undefined
          ? notAttacked("there is no table of tenants' rows")
          : await shows(stage, injected, scene.table, attacker);
      made.push({ attack: "inject", object: injected[0], ...outcome });
    }
    return made;
  });
}

async function refuses(stage: Stage, [, text, values, codes]: Injected): Promise<Outcome> {
  const attempt = await stage.attempt(async () => {
    // The login has a tenant's rights, and whatever it was given besides.
    await stage.query(SET_ROLE, ["none"]);
    return stage.query(text, values);
  });
  if ("result" in attempt) return leak("it was let through");
  const code = codeOf(attempt.error);
  return codes?.test(code) === true ? REFUSED : notAttacked(`refused for another reason, ${code}`);
}

/** Reads the table after the statement: an error of the expected kind, or the attacker's own rows alone. */
async function shows(
  stage: Stage,
  [, text, values, codes]: Injected,
  table: string,
  attacker: Canary,
): Promise<Outcome> {
  const attempt = await stage.attempt(async () => {
    await stage.query(text, values);
    const { rows } = await stage.query<{ n: number }>(
      `select count(*)::int as n from ${table} where tenant_id is distinct from $1`,
      [attacker.tenant],
    );
    return rows[0]?.n;
  });
  if ("result" in attempt) {
    if (codes !== null) return leak("the database believes it");
    return attempt.result === 0
      ? REFUSED
      : leak(`${attempt.result} rows of other tenants are read`);
  }
  const code = codeOf(attempt.error);
  return (codes ?? NOT_LET).test(code)
    ? REFUSED
    : notAttacked(`refused for another reason, ${code}`);
}
