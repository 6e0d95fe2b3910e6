import { Injectable } from "@nestjs/common";
import type { EntityTarget, ObjectLiteral } from "typeorm";

/** A class that TypeORM's decorators, or an `EntitySchema`, describe. */
export type Entity<Row extends ObjectLiteral = ObjectLiteral> = EntityTarget<Row>;

/** The entities of tenants' tables, of all modules that declare some. */
@Injectable()
export class TenantEntities {
  readonly #entities = new Set<Entity>();
  readonly #references = new Set<Entity>();

  /** Adds those of one module, before the application has started; twice the same is once. */
  add(entities: readonly Entity[], references: readonly Entity[]): void {
    for (const entity of entities) this.#entities.add(entity);
    for (const entity of references) this.#references.add(entity);
  }

  get all(): Entity[] {
    return [...this.#references, ...this.#entities];
  }

  /** Those without a tenant, whose rows are the same for all. */
  get references(): Entity[] {
    return [...this.#references];
  }
}
