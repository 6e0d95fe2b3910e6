/**
 * What is wrong where `from` has a row; every other field is an SQL expression over that row, except the
 * check's name. What `from` may name besides the catalogue stands in `subjects.ts`.
 */
export interface Check {
  readonly check: string;
  readonly object: string;
  readonly problem: string;
  readonly statement: string;
  readonly from: string;
  /** Whether rows can be reached through it; default true. What is none is told and refuses nothing. */
  readonly hole?: boolean;
}

/** The rows of a check, as `subjects.ts` puts them together. */
export function selectOf({ check, object, problem, statement, from, hole = true }: Check): string {
  return `select '${check}' as "check", ${object} as object, ${problem} as problem,
    ${statement} as statement, ${hole} as hole from ${from}`;
}

/** Whether a tenants' role may do anything with the relation's rows. */
export function reaches(oid: string, schema: string): string {
  return `exists (select from actors as reach where has_schema_privilege(reach.oid, ${schema}, 'USAGE')
    and (has_any_column_privilege(reach.oid, ${oid}, 'SELECT, INSERT, UPDATE')
      or has_table_privilege(reach.oid, ${oid}, 'DELETE')))`;
}
