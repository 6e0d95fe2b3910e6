import type { TenantTableDeclaration } from "./table-declaration";
import { requireDeclarations } from "./table-declaration";

const problemOf = (...declared: unknown[]): unknown => {
  try {
    requireDeclarations(declared as TenantTableDeclaration[]);
    return "none";
  } catch (error) {
    return (error as { details?: unknown }).details;
  }
};

describe("a declaration of a tenants' table", () => {
  it.each([
    ["a statement alone", "create table orders ()"],
    ["nothing", null],
    ["no name", { create: "create table orders ()" }],
    ["no statement", { name: "orders" }],
    ["a statement that is none", { name: "orders", create: ["create table orders ()", 5] }],
  ])("that is %s is refused by its place, with the form that it has to have", (_, declared) => {
    const first = { name: "first", create: "create table first ()" };
    expect(problemOf(first, declared)).toMatchObject({
      table: "tenantTables[1]",
      problems: [expect.stringContaining("{ name, create }")],
    });
  });

  it("may have several statements, of which one is not empty", () => {
    expect(problemOf({ name: "orders", create: ["", "create table orders ()"] })).toBe("none");
    expect(problemOf({ name: "orders", create: ["", " "] })).toMatchObject({
      problems: ["nothing creates it"],
    });
  });
});
