import type { Stratum } from "@stratum-hq/lib";
import type { Method } from "./cases";

/** Calls a method of the facade by its name, with whatever arguments. */
export async function callFacade(
  stratum: Stratum,
  name: Method,
  args: readonly unknown[],
): Promise<unknown> {
  const methods = stratum as unknown as Record<Method, (...args: unknown[]) => Promise<unknown>>;
  return methods[name](...args);
}
