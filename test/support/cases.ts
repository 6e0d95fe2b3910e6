import type { ErrorCode } from "@stratum-hq/core";
import type { LocalApi, StratumApi, Tenant } from "@stratum-hq/lib";
import type fc from "fast-check";
import type { StratumFixture } from "./use-stratum";

/** A method of the facade. */
export type Method = keyof Facade;

/** What the facade has: what travels over a wire, and what stays in the process. */
export interface Facade extends StratumApi, LocalApi {}

/** What a case finds: a root and its child, which nothing else uses. */
export interface Tree {
  readonly root: Tenant;
  readonly child: Tenant;
}

/** Prepares what a call needs, and answers the arguments of the call. */
type Arguments<M extends Method> = (
  t: StratumFixture,
  tree: Tree,
) => Parameters<Facade[M]> | Promise<Parameters<Facade[M]>>;

/** A call that is refused, and the code that it is refused with. */
export interface Refusal<M extends Method> {
  readonly code: ErrorCode;
  readonly arguments: Arguments<M>;
}

/** Which states an audit row has: "after" alone for a new resource, "before" alone for a deleted one. */
export type States = "before after" | "before" | "after" | "none";

/** What a mutator leaves behind. */
export interface Trail {
  /** The states that its audit rows can have. */
  readonly states: readonly States[];
  /** False for a change that no cache and no subscriber is told of. */
  readonly event: boolean;
  /** The method works in several transactions, each of which writes audit rows of its own. */
  readonly steps?: true;
}

/** How the suites call a method, and what they expect of it. */
export interface MethodCase<M extends Method> {
  /** The arguments of a valid call. */
  readonly arguments: Arguments<M>;
  /**
   * What the valid call answers, as a value or a matcher of jest. The text of a stream stands for the stream.
   *
   * @param tree that the arguments were prepared in
   * @param args that the call was made with
   */
  result(tree: Tree, args: Parameters<Facade[M]>): unknown;
  /** Calls that are refused. A method that refuses nothing has none. */
  readonly refusals: readonly Refusal<M>[];
  /** Of a method that is no long operation: the round trips to the database that its valid call takes at most. */
  readonly roundTrips?: number;
  /** Runs the valid call under conditions that arguments alone cannot make. */
  around?(t: StratumFixture, call: () => Promise<unknown>): Promise<unknown>;
  /** Of a mutator: what it leaves behind. */
  readonly leaves?: Trail;
  /** Of a recorder: the table of schema stratum that it adds its row to. */
  readonly records?: string;
  /** The method closes tenants. A suite that goes on with the same tenants opens them again. */
  readonly closes?: true;
}

/** The tenants that hostile arguments are drawn from. */
export interface Ground {
  /** Ids of four tenants that stay. */
  readonly ids: readonly string[];
  /** Mostly one of `ids`, sometimes unknown, sometimes no id at all. */
  readonly id: fc.Arbitrary<unknown>;
  /** Ids of tenants that may be purged. */
  readonly doomed: readonly string[];
}

/** Arguments to draw for each method: mostly of the right shape. */
export type HostileArguments<M extends Method> = Readonly<Record<M, fc.Arbitrary<unknown[]>>>;

/** The cases of one feature: one for each of its methods. */
export interface FeatureCases<M extends Method> {
  readonly methods: { readonly [K in M]: MethodCase<K> };
  /** Prepares what the arguments refer to, and answers the arguments. */
  hostile(
    t: StratumFixture,
    ground: Ground,
  ): HostileArguments<NoInfer<M>> | Promise<HostileArguments<NoInfer<M>>>;
}

/** Checks the types of a feature's cases. Each `<feature>.cases.ts` exports one constant made by it. */
export function featureCases<M extends Method>(cases: FeatureCases<M>): FeatureCases<M> {
  return cases;
}

/** The id of no tenant, policy, key, role, region or operation. */
export const UNKNOWN = "00000000-0000-7000-8000-000000000000";

/** Matches an object that has these fields, and maybe others. */
export const has = (fields: object): unknown => expect.objectContaining(fields) as unknown;

/** Matches a list that has these items, and maybe others. */
export const holds = (...items: unknown[]): unknown => expect.arrayContaining(items) as unknown;
