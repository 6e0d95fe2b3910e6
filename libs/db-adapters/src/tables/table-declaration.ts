import { TenantTableInvalidError } from "@stratum-hq/core";

/** A table of the host application's, as the statements that create it. */
export interface TenantTableDeclaration {
  /** Its name, without a schema. */
  readonly name: string;
  /**
   * The statements: the table, its indexes. They name tables without a schema, and types and functions of
   * extensions with one: nothing but the target schema and pg_catalog is on their search path.
   */
  readonly create: string | readonly string[];
  /** Whether it has no tenant_id and the same rows for all tenants, which these read and never write. */
  readonly reference?: boolean;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
/** Prefixes that PostgreSQL, and what goes out of an export, keep to themselves. */
const TAKEN = /^(pg_|stratum_)/;

/** Why a name cannot be a table's. */
export function nameProblems(name: string): string[] {
  if (NAME.test(name) && !TAKEN.test(name)) return [];
  return [
    "its name has to be of a-z, 0-9 and _, 63 at most, and may not begin with pg_ or stratum_",
  ];
}

/** Whether it has the form of a declaration: programs without types pass anything. */
function isDeclaration(declared: unknown): declared is TenantTableDeclaration {
  if (typeof declared !== "object" || declared === null) return false;
  const { name, create } = declared as Record<string, unknown>;
  return typeof name === "string" && [create].flat().every((text) => typeof text === "string");
}

/**
 * Refuses what could not be a table in every placement, before anything is created.
 *
 * @throws TenantTableInvalidError
 */
export function requireDeclarations(declarations: readonly TenantTableDeclaration[]): void {
  const names = new Set<string>();
  for (const [n, declared] of Array.from<unknown>(declarations).entries()) {
    if (!isDeclaration(declared)) {
      const form = "it has to be { name, create }, with create a statement or an array of them";
      throw new TenantTableInvalidError(`tenantTables[${n}]`, [form]);
    }
    const { name, create } = declared;
    const problems = [
      ...nameProblems(name),
      ...(names.has(name) ? ["it is declared twice"] : []),
      ...([create].flat().some((text) => text.trim() !== "") ? [] : ["nothing creates it"]),
    ];
    if (problems.length > 0) throw new TenantTableInvalidError(name, problems);
    names.add(name);
  }
}
