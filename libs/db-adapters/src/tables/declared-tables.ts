import { TenantTableInvalidError } from "@stratum-hq/core";
import { DatabaseError, type ClientBase } from "pg";
import { tableFacts } from "../rls/table-catalogue";
import { enableRls } from "../rls/enable-rls";
import { inTransaction } from "../rls/in-transaction";
import { makeReference } from "./reference-table";
import { requireDeclarations, type TenantTableDeclaration } from "./table-declaration";
import { lackingTables } from "./table-state";
import type { TenantTables } from "./tenant-tables";
import { ownRows } from "../pg/column-types";

/** Tenants' tables that are declared as the statements that create them. */
export class DeclaredTables implements TenantTables {
  readonly names: readonly string[];
  readonly references: readonly string[];
  readonly #declarations: readonly TenantTableDeclaration[];

  /** @throws TenantTableInvalidError for names that cannot be tables, or are declared twice */
  constructor(declarations: readonly TenantTableDeclaration[]) {
    requireDeclarations(declarations);
    this.#declarations = declarations.map((each) => ({ ...each }));
    this.names = declarations.map(({ name }) => name);
    this.references = declarations.flatMap(({ name, reference }) => (reference ? [name] : []));
  }

  async create(
    client: ClientBase,
    schema: string,
    references: readonly string[] = [],
  ): Promise<boolean> {
    const allowed = [...references, ...this.references];
    return inTransaction(client, async () => {
      const lacking = new Set(await lackingTables(client, schema, this));
      for (const declaration of this.#declarations) {
        if (lacking.has(declaration.name)) await this.make(client, schema, declaration, allowed);
      }
      return lacking.size > 0;
    });
  }

  private async make(
    client: ClientBase,
    schema: string,
    { name, create, reference = false }: TenantTableDeclaration,
    references: readonly string[],
  ): Promise<void> {
    if ((await tableFacts(client, schema, name)) === undefined) {
      await inSchema(client, schema, async () => {
        for (const text of [create].flat()) await run(client, name, text);
      });
    }
    if ((await tableFacts(client, schema, name)) === undefined) {
      throw new TenantTableInvalidError(name, [
        "its statements create no table of that name: they may not name a schema",
      ]);
    }
    if (reference) await makeReference(client, schema, name, references);
    else await enableRls(client, `${schema}.${name}`, { reference: references });
  }
}

/** Undefined names, bad syntax and their like; what a login may not do is another matter. */
const MISTAKE = /^42(?!501)/;

/** A statement of a declaration. @throws TenantTableInvalidError for one that cannot work in any schema */
async function run(client: ClientBase, table: string, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (error) {
    if (!(error instanceof DatabaseError) || !MISTAKE.test(error.code ?? "")) throw error;
    throw new TenantTableInvalidError(table, [
      `${error.message} (nothing but the target schema is on the search path)`,
    ]);
  }
}

/** With nothing on the search path but a schema, so that no statement finds a table of another placement. */
async function inSchema(
  client: ClientBase,
  schema: string,
  work: () => Promise<void>,
): Promise<void> {
  const rows = await ownRows<{ before: string }>(
    client,
    "select current_setting('search_path') as before, set_config('search_path', quote_ident($1) || ', pg_temp', true)",
    [schema],
  );
  await work();
  await ownRows(client, "select set_config('search_path', $1, true)", [rows[0]?.before]);
}
