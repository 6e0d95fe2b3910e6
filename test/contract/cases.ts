import { readdirSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_API, STRATUM_API } from "@stratum-hq/lib";
import type { FeatureCases, Method, Refusal, Trail, Tree } from "../support/cases";
import type { StratumFixture } from "../support/use-stratum";

const LIB = join(__dirname, "../../libs/lib/src");

/** A case, where the method is known only at run time. */
export interface Case {
  arguments(t: StratumFixture, tree: Tree): Promise<unknown[]> | unknown[];
  result(tree: Tree, args: readonly unknown[]): unknown;
  readonly refusals: readonly Refusal<Method>[];
  readonly roundTrips?: number;
  around?(t: StratumFixture, call: () => Promise<unknown>): Promise<unknown>;
  readonly leaves?: Trail;
  readonly records?: string;
  readonly closes?: true;
}

/** The cases of every feature, found beside the features. */
export const FEATURE_CASES: readonly FeatureCases<Method>[] = readdirSync(LIB, {
  recursive: true,
  encoding: "utf8",
})
  .filter((file) => file.endsWith(".cases.ts"))
  .flatMap((file) =>
    Object.values(jest.requireActual<Record<string, FeatureCases<Method>>>(join(LIB, file))),
  );

const CASES = new Map<string, Case>();
for (const { methods } of FEATURE_CASES) {
  for (const [name, each] of Object.entries(methods)) {
    if (CASES.has(name)) throw new Error(`${name} has two cases; delete one of them`);
    CASES.set(name, each);
  }
}

/** The methods that the facade has. */
export const METHODS = Object.keys({ ...STRATUM_API, ...LOCAL_API }) as Method[];

/** The methods that have a case. */
export const CASED: readonly string[] = [...CASES.keys()];

/** The case of a method. */
export function caseOf(name: Method): Case {
  const found = CASES.get(name);
  if (found === undefined) {
    throw new Error(`${name} has no case; add one to the .cases.ts file of its feature`);
  }
  return found;
}

/**
 * Prepares the valid call of a method.
 *
 * @param make calls the method with the arguments that were prepared
 * @returns what makes the call
 */
export async function prepared(
  t: StratumFixture,
  name: Method,
  tree: Tree,
  make: (args: readonly unknown[]) => Promise<unknown>,
): Promise<{ args: readonly unknown[]; call: () => Promise<unknown> }> {
  const found = caseOf(name);
  const args = await found.arguments(t, tree);
  const call = () => make(args);
  return { args, call: async () => (found.around ? found.around(t, call) : call()) };
}
