import type { Client, QueryResult } from "pg";
import { CONTEXT_STATEMENT, type ContextValues } from "../context/context-statement";
import { GroupQuery, type Group } from "./group-query";
import { ContextRefused } from "./tenant-errors";
import { speaksMessageGroups, type ExtendedQuery } from "./pg-internals";

/** How statements and their context reach the server. */
export interface Wire {
  /** One statement in a transaction of its own, in the tenant's context. */
  scoped(client: Client, query: ExtendedQuery, context: ContextValues): Promise<QueryResult>;
  /** Begins a transaction in the tenant's context. */
  begin(client: Client, begin: ExtendedQuery, context: ContextValues): Promise<QueryResult>;
  /** One statement as it is: inside a transaction, or the end of one. */
  bare(client: Client, query: ExtendedQuery): Promise<QueryResult>;
}

function send(client: Client, query: ExtendedQuery, group: Group | null): Promise<QueryResult> {
  return new Promise((resolve, reject) => {
    const submitted = new GroupQuery(query, group, (error, result) => {
      if (error === null) resolve(result as QueryResult);
      else reject(submitted.contextFailed ? new ContextRefused(error) : error);
    });
    client.query(submitted as GroupQuery & { submit(): void });
  });
}

/** The context travels with the statement, in one round trip (docs/adr/0031). */
export class MessageGroupWire implements Wire {
  constructor(private readonly prepared: boolean) {}

  scoped(client: Client, query: ExtendedQuery, context: ContextValues): Promise<QueryResult> {
    return send(client, query, { context, place: "before", prepared: this.prepared });
  }

  begin(client: Client, begin: ExtendedQuery, context: ContextValues): Promise<QueryResult> {
    return send(client, begin, { context, place: "after", prepared: this.prepared });
  }

  bare(client: Client, query: ExtendedQuery): Promise<QueryResult> {
    return send(client, query, null);
  }
}

/**
 * The context travels alone, in four round trips: for clients whose insides are not pg's as it was seen. Nothing is
 * prepared, since a name that the server refuses could not be taken back.
 */
export class PlainWire implements Wire {
  async scoped(client: Client, query: ExtendedQuery, context: ContextValues): Promise<QueryResult> {
    try {
      await this.begin(client, { text: "BEGIN", queryMode: "extended" }, context);
      const result = await this.bare(client, query);
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  }

  async begin(client: Client, begin: ExtendedQuery, context: ContextValues): Promise<QueryResult> {
    const result = await client.query(begin);
    await client.query(CONTEXT_STATEMENT, [...context]).catch((error: unknown) => {
      throw new ContextRefused(error);
    });
    return result;
  }

  async bare(client: Client, query: ExtendedQuery): Promise<QueryResult> {
    return client.query({ ...query, name: undefined });
  }
}

/** The wire that a client is fit for. */
export function wireFor(client: Client, groups: MessageGroupWire | null, plain: PlainWire): Wire {
  return groups !== null && speaksMessageGroups(client) ? groups : plain;
}
