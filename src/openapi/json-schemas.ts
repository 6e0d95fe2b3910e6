import { jsonObjectSchema } from "@stratum-hq/core";
import { z } from "zod";
import { NAMED } from "../api/results";

/** A schema of JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
export type JsonSchema = { readonly [keyword: string]: unknown };

type Mutable = Record<string, unknown>;

/** Expressions that a format says already, and longest numbers of JavaScript: of no use to a reader. */
function withoutNoise(schema: Mutable): void {
  const { format } = schema;
  if (format === "uuid" || format === "date-time") delete schema["pattern"];
  if (format === "starts_with") delete schema["format"];
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) delete schema["maximum"];
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) delete schema["minimum"];
  delete schema["$schema"];
  const names = schema["propertyNames"] as Mutable | undefined;
  if (names?.["type"] === "string" && Object.keys(names).length === 1)
    delete schema["propertyNames"];
}

const isAnything = (schema: Mutable): boolean => Object.keys(schema).length === 0;

/** What may be a Date in the library is text over HTTP; and a type or null is a type of two names. */
function withoutDates(schema: Mutable): Mutable {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const options = (anyOf as Mutable[]).filter((each) => !isAnything(each));
  const [first, second] = options;
  if (first !== undefined && second === undefined) return { ...rest, ...first };
  if (options.length === 2 && second?.["type"] === "null" && typeof first?.["type"] === "string") {
    return { ...rest, ...first, type: [first["type"], "null"] };
  }
  return { ...rest, anyOf: options };
}

function refined(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(refined);
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.entries(schema as Mutable).map(([keyword, value]): [string, unknown] => [
    keyword,
    keyword === "default" || keyword === "const" || keyword === "enum" ? value : refined(value),
  ]);
  const copy = Object.fromEntries(members);
  withoutNoise(copy);
  if (typeof copy["$ref"] === "string")
    copy["$ref"] = copy["$ref"].replace("#/$defs/", "#/components/schemas/");
  return withoutDates(copy);
}

/** Turns schemas of Zod into those of a document, which keeps what has a name once. */
export class JsonSchemas {
  readonly #components: Record<string, JsonSchema> = {};

  /** The named schemas that have been referred to, sorted. */
  get components(): Readonly<Record<string, JsonSchema>> {
    const sorted = Object.entries(this.#components).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted);
  }

  /** @param io whether it is what comes in, or what goes out */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const { $defs = {}, ...whole } = z.toJSONSchema(z.strictObject({ it: schema }), {
      io,
      metadata: NAMED,
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        if ((zodSchema as unknown) === jsonObjectSchema) jsonSchema.type = "object";
        // What a schema of code alone says of its form.
        Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
      },
    });
    for (const [name, definition] of Object.entries($defs)) {
      const component = { ...(definition as Mutable) };
      delete component["id"];
      this.#components[name] = refined(component) as JsonSchema;
    }
    return (refined(whole) as { properties: { it: JsonSchema } }).properties.it;
  }
}
