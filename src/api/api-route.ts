import type { ApiMethod } from "@stratum-hq/core";
import type { z } from "zod";

/** What travels over HTTP with a method of the table: the shapes of its input and of its result. */
export interface ApiRoute {
  /** The parameters that its URL may have after `?`. Left out, it has none. */
  readonly query?: z.ZodObject;
  /** The members of its body. Left out, it has none. */
  readonly body?: z.ZodObject;
  /** What the method returns; of a list, one item. Left out, the response has no body. */
  readonly result?: z.ZodType;
  /** What the documentation shows of a body whose items are checked one by one, in the method. */
  readonly documentedBody?: z.ZodObject;
}

/** The routes of one feature: one for each method of its part of the API. */
export interface ApiRoutes<Api = Record<string, unknown>> {
  /** What the feature is called in the documentation. */
  readonly tag: string;
  readonly methods: Readonly<Record<keyof Api, ApiMethod>>;
  readonly routes: Readonly<Record<keyof Api, ApiRoute>>;
}

/** Checks that a feature has a route for each method, and no other. */
export function apiRoutes<Api>(routes: ApiRoutes<Api>): ApiRoutes {
  return routes;
}
