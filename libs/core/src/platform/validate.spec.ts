import { z } from "zod";
import { ValidationError } from "./platform.errors";
import { validate } from "./validate";

describe("validate", () => {
  const schema = z.strictObject({ name: z.string() });
  const boom = (): never => {
    throw new Error("boom");
  };
  const HOSTILE: readonly [what: string, value: unknown][] = [
    [
      "a getter that throws",
      {
        get name(): string {
          return boom();
        },
      },
    ],
    ["a proxy that throws", new Proxy({}, { get: boom, ownKeys: boom, has: boom })],
    ["a revoked proxy", revoked()],
  ];

  function revoked(): unknown {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  }

  it.each(HOSTILE)("refuses %s as the caller's mistake", (_, value) => {
    expect(() => validate(schema, value, "input")).toThrow(ValidationError);
    expect(() => validate(schema, value, "input")).toThrow("Invalid input: ");
  });
});
