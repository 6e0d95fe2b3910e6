import fc from "fast-check";
import { Stratum } from "@stratum-hq/lib";
import { brokenInvariants, NONE_BROKEN } from "../support/rivals";
import { SOAK, times } from "../support/scale";
import { codeOf, useStratum } from "../support/use-stratum";
import { command, isAccepted, kindOf, step, Tally, type Command } from "./commands";
import { expectResolved, expectSame, modelOfRows } from "./comparison";
import { concurrentStep, type Known } from "./concurrent-step";
import { NaiveTree } from "./naive-tree";

const SEQUENCES = times(150, 10_000);
/** Sequences that run side by side, each on trees of its own. */
const LANES = 4;
const STEPS = { minLength: 30, maxLength: 40 };

describe("Stratum and a naive model of it", () => {
  const t = useStratum();

  it(
    `agree after every step of ${SEQUENCES} random sequences`,
    async () => {
      const tally = new Tally();
      let steps = 0;
      const sequence = async (commands: readonly Command[]): Promise<void> => {
        const model = new NaiveTree();
        model.add((await t.stratum.createTenant({ name: "Root" })).id, null);
        for (const each of commands) {
          const kind = kindOf(model, each);
          const [actual, expected] = await step(t.stratum, model, each);
          expect(`${kind}: ${actual}`).toBe(`${kind}: ${expected}`);
          await expectSame(t, model);
          steps += 1;
          if (isAccepted(actual)) tally.count(kind);
        }
      };
      const lane = () =>
        fc.assert(fc.asyncProperty(fc.array(command, STEPS), sequence), {
          numRuns: Math.ceil(SEQUENCES / LANES),
          // Shrinking against a database takes an hour; the seed that is printed replays the failure.
          endOnFailure: true,
        });
      await Promise.all(Array.from({ length: LANES }, lane));
      console.log(`model: ${SEQUENCES} sequences, ${steps} steps; accepted: ${tally.toString()}`);
      // Each kind of command is accepted often enough to have been tested.
      expect(tally.least).toBeGreaterThanOrEqual(SEQUENCES / 20);
    },
    SOAK ? 7_200_000 : 800_000,
  );

  it(
    "hold what always holds, with four clients on one tree at once",
    async () => {
      const clients = Array.from(
        { length: 4 },
        () => new Stratum({ pool: t.database.newPool({ max: 3 }) }),
      );
      const tally = new Tally();
      const run = async (stratum: Stratum, commands: readonly Command[], known: Known) => {
        for (const each of commands) {
          const code = await codeOf(concurrentStep(stratum, each, known));
          expect(["INTERNAL_ERROR", "DATABASE_ERROR", "TRANSACTION_CONFLICT"]).not.toContain(code);
          if (code === "ok") tally.count(each.kind);
        }
      };
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(command, { minLength: 10, maxLength: 20 }), {
            minLength: 4,
            maxLength: 4,
          }),
          async (lists) => {
            const known: Known = {
              ids: [(await t.stratum.createTenant({ name: "Shared" })).id],
              policies: [],
              bans: [],
            };
            await Promise.all(clients.map((stratum, n) => run(stratum, lists[n]!, known)));
            expect(await brokenInvariants(t.pool)).toEqual(NONE_BROKEN);
            const model = await modelOfRows(t, known.ids);
            await expectResolved(t, model, { consistency: "strong" });
          },
        ),
        { numRuns: times(30, 1000), endOnFailure: true },
      );
      console.log(`model: four clients at once; accepted: ${tally.toString()}`);
      expect(tally.least).toBeGreaterThan(0);
      await Promise.all(clients.map((client) => client.close()));
    },
    SOAK ? 7_200_000 : 800_000,
  );
});
