import { validate } from "@readme/openapi-parser";
import { STRATUM_API } from "@stratum-hq/core";
import document from "../src/openapi/openapi.json";
import { OpenApiValidator, operationsOf, schemasOf } from "./support/openapi-validator";
import { useControlPlane } from "./support/use-control-plane";
import { useStratum } from "./support/use-stratum";

type Broken = typeof document & Record<string, never>;

/** A copy of the document in which something is wrong. */
function broken(change: (copy: Broken) => void): Broken {
  const copy = structuredClone(document) as Broken;
  change(copy);
  return copy;
}

describe("the OpenAPI document", () => {
  it("has one operation for each method of the table", () => {
    const names = operationsOf(document).map(({ operationId }) => operationId);
    expect(names.sort()).toEqual(Object.keys(STRATUM_API).sort());
  });

  it("is sound to a parser that sees what is planted", async () => {
    expect(await validate(structuredClone(document) as never)).toMatchObject({ valid: true });
    const faults = [
      broken(({ paths }) => Object.assign(paths["/tenants"].get, { operationId: "createTenant" })),
      broken(({ paths }) => Object.assign(paths["/tenants/{id}"].get, { parameters: [] })),
      broken((copy) => Object.assign(copy.components.schemas, { Tenant: undefined })),
    ];
    for (const fault of faults) {
      const { valid } = await validate(JSON.parse(JSON.stringify(fault)) as never).catch(() => ({
        valid: false,
      }));
      expect(valid).toBe(false);
    }
  });

  it("has schemas of JSON Schema 2020-12 alone", () => {
    const validator = new OpenApiValidator();
    for (const [place, schema] of operationsOf(document).flatMap(schemasOf)) {
      expect([place, typeof validator.compile(schema)]).toEqual([place, "function"]);
    }
    for (const old of [
      { type: "string", nullable: true },
      { minimum: 0, exclusiveMinimum: true },
    ]) {
      expect(() => validator.compile(old)).toThrow();
    }
  });
});

describe("the documentation", () => {
  const t = useStratum();
  const plane = useControlPlane(t);

  it("is served to whoever asks, with pages that run no foreign script", async () => {
    const served = await fetch(`${plane.origin}/api/openapi.json`);
    expect(await served.json()).toEqual(document);
    const page = await fetch(`${plane.origin}/api/docs/`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toMatch(/script-src 'self'(;|$)/);
    const html = await page.text();
    expect(html).toContain("swagger-ui");
    expect(html).not.toMatch(/(src|href)="https?:/);
  });
});
