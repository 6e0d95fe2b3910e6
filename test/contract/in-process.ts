import { runAs } from "@stratum-hq/lib";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { StratumFixture } from "../support/use-stratum";
import type { Target } from "./describe-contract";

/** Calls the methods of the suite's own Stratum. Streams are read to their end. */
export function inProcess(t: StratumFixture): Target {
  return {
    name: "Stratum in process",
    async call(name, args, actor) {
      const method = t.stratum[name] as (...args: readonly unknown[]) => Promise<unknown>;
      const call = () => method.apply(t.stratum, [...args]);
      const result = await (actor === undefined ? call() : runAs(actor, call));
      return result instanceof Readable ? text(result) : result;
    },
  };
}
