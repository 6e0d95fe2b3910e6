import type { z } from "zod";

/** What a field holds, without `optional()`, `nullable()`, `default()` and the like around it. */
function inner(schema: z.ZodType): z.ZodType {
  let current = schema;
  for (;;) {
    const { innerType } = current.def as { innerType?: z.ZodType };
    if (innerType === undefined) return current;
    current = innerType;
  }
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

function valueOf(text: string, schema: z.ZodType): unknown {
  if (text === "" && schema.safeParse(null).success) return null;
  switch (inner(schema).def.type) {
    case "number":
      return NUMBER.test(text) ? Number(text) : text;
    case "boolean":
      return BOOLEANS[text] ?? text;
    default:
      return text;
  }
}

/**
 * The parameters of a URL, numbers and truth values as such; an empty one is null where that may be. What is not
 * of its field's type stays text, which is then refused.
 *
 * @param query as Fastify parses it: a list where a parameter is given more than once
 */
export function queryValues(
  query: Readonly<Record<string, unknown>>,
  schema: z.ZodObject | undefined,
): Record<string, unknown> {
  const fields = (schema?.shape ?? {}) as Readonly<Record<string, z.ZodType | undefined>>;
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [
        name,
        field === undefined || typeof value !== "string" ? value : valueOf(value, field),
      ];
    }),
  );
}
