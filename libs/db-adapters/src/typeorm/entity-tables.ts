import type { ClientBase } from "pg";
import type { EntityMetadata } from "typeorm";
import { enableRls } from "../rls/enable-rls";
import { tableFacts } from "../rls/table-catalogue";
import { makeReference } from "../tables/reference-table";
import { lackingTables } from "../tables/table-state";
import type { TenantTables } from "../tables/tenant-tables";
import { createStatements } from "./entity-ddl";
import type { TenantDataSource } from "./tenant-data-source";

/** The tables of a data source's entities, as TypeORM would create them, for any schema of any database. */
export class EntityTables implements TenantTables {
  readonly names: readonly string[];
  readonly references: readonly string[];

  /**
   * @param source initialised
   * @param references those of its entities that have no tenant, and the same rows for all, which tenants read
   */
  constructor(
    private readonly source: TenantDataSource,
    references: readonly EntityTarget[] = [],
  ) {
    this.names = tablesInOrder(source.entityMetadatas);
    this.references = references.map((entity) => source.getMetadata(entity).tableName);
  }

  async create(
    client: ClientBase,
    schema: string,
    references: readonly string[] = [],
  ): Promise<boolean> {
    const lacking = await lackingTables(client, schema, this);
    const absent: string[] = [];
    for (const name of lacking) {
      if ((await tableFacts(client, schema, name)) === undefined) absent.push(name);
    }
    for (const statement of await createStatements(client, schema, absent, this.source)) {
      await client.query(statement);
    }
    const reference = [...references, ...this.references];
    for (const name of lacking) {
      if (this.references.includes(name)) await makeReference(client, schema, name, reference);
      else await enableRls(client, `${schema}.${name}`, { reference });
    }
    return lacking.length > 0;
  }
}

type EntityTarget = Parameters<TenantDataSource["getMetadata"]>[0];

/** The names of tables, each after those that its foreign keys refer to. */
function tablesInOrder(entities: readonly EntityMetadata[]): string[] {
  const names = new Set<string>();
  const visit = (entity: EntityMetadata, path: ReadonlySet<EntityMetadata>): void => {
    if (names.has(entity.tableName) || path.has(entity)) return;
    const deeper = new Set(path).add(entity);
    for (const { referencedEntityMetadata } of entity.foreignKeys) {
      visit(referencedEntityMetadata, deeper);
    }
    names.add(entity.tableName);
  };
  for (const entity of entities) visit(entity, new Set());
  return [...names];
}
