import { runAs } from "@stratum-hq/lib";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { StratumFixture } from "../support/use-stratum";
import type { Target } from "./describe-contract";
import { callFacade } from "../support/call-facade";

/** Calls the methods of the suite's own Stratum. Streams are read to their end. */
export function inProcess(t: StratumFixture): Target {
  return {
    name: "Stratum in process",
    async call(name, args, actor) {
      const call = () => callFacade(t.stratum, name, args);
      const result = await (actor === undefined ? call() : runAs(actor, call));
      return result instanceof Readable ? text(result) : result;
    },
  };
}
