import { Column, PrimaryColumn, type EntitySubscriberInterface, type InsertEvent } from "typeorm";
import type { TenantScope } from "../context/tenant-scope";

/**
 * The column `tenant_id` as a property of an entity. New entities get the tenant in context there; those that
 * say another one are refused by PostgreSQL. An entity may leave it out, where no constraint needs it: then
 * PostgreSQL fills it in, at some cost.
 *
 * @example
 * @TenantIdColumn()
 * tenantId!: string;
 */
export function TenantIdColumn({ primary = false } = {}): PropertyDecorator {
  const column = { name: "tenant_id", type: "uuid" } as const;
  return primary ? PrimaryColumn(column) : Column(column);
}

/** Says whose the entities are that are inserted: by save(), also of what cascades reach, insert() and upsert(). */
export class TenantIdSubscriber implements EntitySubscriberInterface<object> {
  constructor(private readonly scope: Pick<TenantScope, "current">) {}

  beforeInsert({ entity, metadata }: InsertEvent<object>): void {
    const column = metadata.findColumnWithDatabaseName("tenant_id");
    // Rows of a junction have no entity.
    if (column === undefined || (entity as object | undefined) === undefined) return;
    if (column.getEntityValue(entity) === undefined) {
      column.setEntityValue(entity, this.scope.current());
    }
  }
}
