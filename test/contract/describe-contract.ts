import type { Actor } from "@stratum-hq/lib";
import { ERROR_CATALOGUE, StratumError } from "@stratum-hq/core";
import type { Method, Tree } from "../support/cases";
import type { StratumFixture } from "../support/use-stratum";
import { CASED, caseOf, METHODS, prepared } from "./cases";

/** A way to call the methods of the facade. */
export interface Target {
  readonly name: string;
  /** Calls a method, as `actor` where one is given. */
  call(method: Method, args: readonly unknown[], actor?: Actor): Promise<unknown>;
}

/**
 * Describes what every way to call the facade has in common: each method answers its valid call, and
 * refuses what its case says that it refuses.
 *
 * @param t the Stratum that fixtures are prepared with, over the database that `target` works on
 * @param methods those that can be called that way
 */
export function describeContract(
  t: StratumFixture,
  target: Target,
  methods: readonly Method[] = METHODS,
): void {
  const grow = async (): Promise<Tree> => {
    const { root, child } = await t.grow(["root", ["child"]]);
    return { root: root!, child: child! };
  };

  describe(`the facade, called through ${target.name}`, () => {
    it("has a case for each method, and no other", () => {
      expect([...CASED].sort()).toEqual([...METHODS].sort());
    });

    it.each(methods)("%s answers a valid call", async (name) => {
      const tree = await grow();
      const { args, call } = await prepared(t, name, tree, (each) => target.call(name, each));
      expect(await call()).toEqual(caseOf(name).result(tree, args));
    });

    it.each(methods)("%s refuses what it documents", async (name) => {
      for (const { code, arguments: prepare } of caseOf(name).refusals) {
        const args = await prepare(t, await grow());
        const refused: unknown = await target.call(name, args).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(StratumError);
        expect(refused).toMatchObject({ code, statusCode: ERROR_CATALOGUE[code].status });
      }
    });
  });
}
