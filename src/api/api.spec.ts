import { STRATUM_API, type ApiMethod } from "@stratum-hq/core";
import { z } from "zod";
import { answerOf, nextLink } from "./answer";
import { callArguments } from "./call-arguments";
import { queryValues } from "./query-values";
import { checked, dtoOf } from "./request-dto";

const NO_INPUT = { path: {}, query: {}, body: {} };

describe("callArguments", () => {
  it("takes each argument from where the table has it travel", () => {
    const move = { ...NO_INPUT, path: { id: "a" }, body: { parent_id: null, expected_version: 3 } };
    expect(callArguments(STRATUM_API.moveTenant, move)).toEqual([
      "a",
      null,
      { expected_version: 3 },
    ]);
    const check = { ...NO_INPUT, path: { id: "a" }, query: { key: "k", consistency: "strong" } };
    expect(callArguments(STRATUM_API.checkPermission, check)).toEqual([
      "a",
      "k",
      { consistency: "strong" },
    ]);
  });

  it("asks for a page where there could be everything", () => {
    const roles = { ...NO_INPUT, query: { tenant_id: "a" } };
    expect(callArguments(STRATUM_API.listRoles, roles)).toEqual(["a", { limit: 50 }]);
  });
});

describe("queryValues", () => {
  const schema = z.strictObject({
    limit: z.number().default(50),
    archived: z.boolean().optional(),
    parent: z.string().nullish(),
  });

  it("reads numbers, truth values and null, and leaves the rest to be refused", () => {
    expect(queryValues({ limit: "10", archived: "true", parent: "" }, schema)).toEqual({
      limit: 10,
      archived: true,
      parent: null,
    });
    const odd = { limit: "1e3", archived: "yes", parent: ["a", "b"], toString: "x", other: "1" };
    expect(queryValues(odd, schema)).toEqual(odd);
  });
});

describe("a DTO", () => {
  const dto = dtoOf(z.strictObject({ name: z.string().min(1), note: z.string().optional() }));

  it("lets through what the schema's fields do", () => {
    expect(() => checked(dto, { name: "a" }, "body")).not.toThrow();
    expect(() => checked(undefined, {}, "query")).not.toThrow();
  });

  it.each([
    ["name", {}],
    ["name", { name: "" }],
    ["note", { name: "a", note: null }],
    ["nmae", { name: "a", nmae: "a" }],
    ["__proto__", JSON.parse('{"name":"a","__proto__":{"note":"b"}}') as object],
    ["constructor", { name: "a", constructor: 1 }],
  ])("names %s where it is wrong: %j", (path, members) => {
    const issues = [{ path, message: expect.any(String) as string }];
    expect(() => checked(dto, members as Record<string, unknown>, "body")).toThrow(
      expect.objectContaining({
        code: "VALIDATION_ERROR",
        details: { argument: "body", issues },
      }) as Error,
    );
  });

  it("takes no member of a prototype for one of the body", () => {
    const members = Object.create({ name: "a" }) as Record<string, unknown>;
    expect(() => checked(dto, members, "body")).toThrow("name");
  });

  it("is missed where there is to be nothing", () => {
    expect(() => checked(undefined, { dry_run: true }, "query")).toThrow("dry_run");
  });
});

describe("answerOf", () => {
  const method: ApiMethod = STRATUM_API.getTenant;

  it("makes pages of lists, and 207 of a batch in which something failed", () => {
    expect(answerOf({ ...method, list: "array" }, [1])).toEqual({
      status: 200,
      body: { data: [1], next_cursor: null, has_more: false },
    });
    expect(answerOf({ ...method, batch: true }, { failed: 0 }).status).toBe(200);
    expect(answerOf({ ...method, batch: true }, { failed: 1 }).status).toBe(207);
  });

  it("answers an error for what is not there, where the table says so", () => {
    for (const nothing of [null, false]) {
      expect(() => answerOf({ ...method, absent: "ROLE_NOT_FOUND" }, nothing)).toThrow(
        expect.objectContaining({ code: "ROLE_NOT_FOUND", statusCode: 404 }) as Error,
      );
    }
  });

  it("links to the page that follows", () => {
    const page = { data: [], next_cursor: "a b", has_more: true };
    expect(nextLink("/api/v1/tenants?limit=1&cursor=x", page)).toBe(
      '</api/v1/tenants?limit=1&cursor=a+b>; rel="next"',
    );
    expect(nextLink("/api/v1/tenants", { ...page, next_cursor: null })).toBeNull();
  });
});
