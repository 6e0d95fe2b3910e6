import fc from "fast-check";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { StratumError } from "@stratum-hq/lib";
import { caseOf, FEATURE_CASES, METHODS } from "./contract/cases";
import { UNKNOWN, type Method } from "./support/cases";
import { rubbish } from "./support/hostile";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";
import { callFacade } from "./support/call-facade";

const INPUTS = times(3000, 50_000);

describe("whatever a caller passes", () => {
  // One connection: a method that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 });
  let ids: string[] = [];
  let draws: [Method, fc.Arbitrary<unknown[]>][] = [];

  beforeAll(async () => {
    const g = await t.grow(["r", ["a", ["a1"]], ["b"]]);
    ids = Object.values(g).map((tenant) => tenant.id);
    const doomed = await t.grow(["v", ["v1"], ["v2", ["v3"]]]);
    const ground = {
      ids,
      id: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...ids) },
        fc.constantFrom(UNKNOWN, ids[0]!.toUpperCase()),
        rubbish,
      ),
      doomed: Object.values(doomed).map((tenant) => tenant.id),
    };
    for (const cases of FEATURE_CASES) {
      const drawn = Object.entries(await cases.hostile(t, ground));
      draws = [...draws, ...(drawn as typeof draws)];
    }
  });

  it(
    `is answered by a StratumError or a result (${INPUTS} inputs)`,
    async () => {
      const accepted = new Map<string, [passed: number, all: number]>();
      expect(draws.map(([name]) => name).sort()).toEqual([...METHODS].sort());
      const call = fc.oneof(...draws.map(([name, args]) => fc.tuple(fc.constant(name), args)));
      await fc.assert(
        fc.asyncProperty(call, async ([name, args]) => {
          const failure: unknown = await callFacade(t.stratum, name, args).then(
            // An export holds its connection until it is read.
            async (result) => {
              if (result instanceof Readable) await buffer(result);
            },
            (error: unknown) => error,
          );
          if (failure !== undefined && !(failure instanceof StratumError)) throw failure as Error;
          const code = failure?.code ?? "ok";
          if (
            code === "INTERNAL_ERROR" ||
            code === "DATABASE_ERROR" ||
            code === "DATABASE_UNAVAILABLE"
          ) {
            throw new Error(`${name} answered ${code}`, { cause: failure?.cause });
          }
          const [passed, all] = accepted.get(name) ?? [0, 0];
          accepted.set(name, [passed + (code === "VALIDATION_ERROR" ? 0 : 1), all + 1]);
          await reopen(name);
        }),
        { numRuns: INPUTS },
      );
      const counts = [...accepted].sort(([a], [b]) => (a < b ? -1 : 1));
      const total = counts.reduce((sum, [, [passed]]) => sum + passed, 0);
      console.log(
        `bad input: ${total} of ${INPUTS} passed their schema\n` +
          counts.map(([name, [passed, all]]) => `  ${name} ${passed}/${all}`).join("\n"),
      );
      expect(total).toBeGreaterThanOrEqual(INPUTS / 2);
    },
    times(400_000, 3_600_000),
  );

  /** Keeps the four tenants open, so that later inputs find more than a shut door. */
  async function reopen(name: Method): Promise<void> {
    if (caseOf(name).closes !== true) return;
    await t.rows("update stratum.tenants set status = 'active' where id = any($1)", [ids]);
  }
});
