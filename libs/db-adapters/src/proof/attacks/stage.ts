import type { QueryResult, QueryResultRow } from "pg";
import { COLUMN_TYPES } from "../../pg/column-types";
import { withTenantContext, type TenantPool } from "../../pg/tenant-pool";
import type { TenantClient } from "../../pg/tenant-client";

/** A tenant that exists nowhere, and its context. */
export interface Canary {
  readonly tenant: string;
  readonly context: string;
}

/** What ends a transaction or a savepoint so that nothing of it is kept. */
class Undone extends Error {}

/** How an attempt ended, before all that it did was undone. */
export type Attempt<T> = { readonly result: T } | { readonly error: unknown };

/** A transaction in which two canary tenants have rows, and of which nothing is ever kept. */
export class Stage {
  constructor(readonly client: TenantClient) {}

  /** A statement whose answer is read as it is, whatever the host makes of its types. */
  async query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> {
    return this.client.query<Row>({ text, values, types: COLUMN_TYPES });
  }

  /** What comes next is the canary's. */
  async become({ context }: Pick<Canary, "context">): Promise<void> {
    await this.query("select set_config('stratum.context', $1, true)", [context]);
  }

  /** Runs `work` in a savepoint, and undoes it, whose context is then again as before. */
  async attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
    let ended: Attempt<T> | undefined;
    try {
      await this.client.transaction(async () => {
        ended = { result: await work() };
        throw new Undone();
      });
    } catch (error) {
      if (!(error instanceof Undone)) return { error };
    }
    return ended as Attempt<T>;
  }
}

/** Runs `work` in a transaction of a canary's, which is rolled back whatever happens. */
export async function onStage<T>(
  pool: TenantPool,
  { tenant }: Canary,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  let result: { value: T } | undefined;
  try {
    await withTenantContext(pool, tenant, async (client) => {
      result = { value: await work(new Stage(client)) };
      throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
  return (result as { value: T }).value;
}
