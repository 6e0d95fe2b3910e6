import type { IsolationFinding, TenantPoolProblem } from "@stratum-hq/core";
import type { ClientBase } from "pg";
import { hardeningProblems } from "../hardening/require-hardened";
import { selectOf, type Check } from "./checks/check";
import { COLUMN_CHECKS } from "./checks/columns";
import { CONSTRAINT_CHECKS } from "./checks/constraints";
import { FUNCTION_CHECKS } from "./checks/functions";
import { GRANT_CHECKS } from "./checks/grants";
import { POLICY_CHECKS } from "./checks/policies";
import { PUBLICATION_CHECKS } from "./checks/publications";
import { RESIDUAL_CHECKS } from "./checks/residuals";
import { ROLE_CHECKS } from "./checks/roles";
import { SETTING_CHECKS } from "./checks/settings";
import { SUBTREE_CHECKS } from "./checks/subtree";
import { VERIFIER_CHECKS } from "./checks/verifier";
import { VIEW_CHECKS } from "./checks/views";
import { SUBJECTS } from "./subjects";
import { VERIFIER_SOURCES } from "./verifier";
import { ownRows } from "../pg/column-types";

const CHECKS: readonly Check[] = [
  ...ROLE_CHECKS,
  ...SETTING_CHECKS,
  ...VERIFIER_CHECKS,
  ...SUBTREE_CHECKS,
  ...POLICY_CHECKS,
  ...COLUMN_CHECKS,
  ...GRANT_CHECKS,
  ...VIEW_CHECKS,
  ...FUNCTION_CHECKS,
  ...CONSTRAINT_CHECKS,
  ...PUBLICATION_CHECKS,
  ...RESIDUAL_CHECKS,
];

const EXAMINATION = `with recursive ${SUBJECTS}
  select distinct * from (${CHECKS.map(selectOf).join("\n union all ")}) as found
  order by "check", object, problem, statement`;

/** A table with a column tenant_id, and why it counts as one of tenants' rows, or does not. */
export interface ExaminedTable {
  readonly name: string;
  readonly schema: string;
  readonly relation: string;
  readonly holds: "tenants" | "reached" | "part" | "not reached";
}

const TABLES = `with recursive ${SUBJECTS}
  select name, schema, relation, case when oid in (select oid from tenants) then 'tenants'
    when reached then 'reached' when is_child then 'part' else 'not reached' end as holds
  from columned order by name`;

/** Whether the database has a table of tenants' rows. */
export async function hasTenantTables(client: ClientBase): Promise<boolean> {
  await client.query("set local search_path = pg_catalog, pg_temp");
  const text = `with recursive ${SUBJECTS} select exists (select from tenants) as found`;
  const rows = await ownRows<{ found: boolean }>(client, text, [false]);
  return rows[0]?.found !== false;
}

/** What the catalogue of one database says. */
export interface Examination {
  /** What a tenant's statement could reach other tenants' rows through. */
  readonly findings: readonly IsolationFinding[];
  /** What is no hole, and will cost speed or surprise. */
  readonly warnings: readonly IsolationFinding[];
}

/**
 * Looks for holes in a database by its catalogue alone: a statement or two, in a transaction that the caller
 * has begun, whose search path it changes. It reads no row of any table.
 *
 * @param hardened whether the login of the session is for tenants alone, and may be no more than one
 */
export async function examine(client: ClientBase, hardened: boolean): Promise<Examination> {
  await client.query("set local search_path = pg_catalog, pg_temp");
  const rows = await ownRows<Row>(client, EXAMINATION, [hardened, VERIFIER_SOURCES]);
  const problems = hardened ? await hardeningProblems(client) : [];
  return {
    findings: [...only(rows, true), ...problems.map(loginFinding)],
    warnings: only(rows, false),
  };
}

type Row = IsolationFinding & { readonly hole: unknown };

function only(rows: readonly Row[], wanted: boolean): IsolationFinding[] {
  // What cannot be read is a hole.
  const chosen = rows.filter(({ hole }) => (hole !== false) === wanted);
  return chosen.map(({ check, object, problem, statement }) => ({
    check,
    object,
    problem,
    statement,
  }));
}

function loginFinding({ problem, statement }: TenantPoolProblem): IsolationFinding {
  return { check: "login", object: "tenantPool", problem, statement };
}

/** Every table with a column tenant_id, under the search path that {@link examine} has set. */
export async function examinedTables(
  client: ClientBase,
  hardened: boolean,
): Promise<readonly ExaminedTable[]> {
  return ownRows<ExaminedTable>(client, TABLES, [hardened]);
}
