import type { JsonSchema } from "./json-schemas";

const text = { type: "string" } as const;

/** An error as RFC 9457 writes it, with Stratum's own members. */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    type: { ...text, format: "uri", description: "The page that explains the code." },
    title: text,
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { ...text, description: "What is wrong, and what to do next." },
    instance: { ...text, description: "The path that was asked for." },
    code: { ...text, description: "Stable: docs/errors.md has them all." },
    request_id: text,
    errors: {
      type: "array",
      description: "What is wrong with the input, each with a JSON Pointer (RFC 6901).",
      items: {
        type: "object",
        properties: { pointer: text, detail: text },
        required: ["pointer", "detail"],
        additionalProperties: false,
      },
    },
    details: { type: "object", description: "Facts that a program can act on." },
  },
  required: ["type", "title", "status", "code"],
  additionalProperties: true,
};
