import type { Type } from "@nestjs/common";
import { ValidationError, type ValidationIssue } from "@stratum-hq/core";
import {
  ValidateBy,
  ValidateIf,
  validateSync,
  type ValidationError as Failure,
} from "class-validator";
import { z } from "zod";

const isGiven = (_object: unknown, value: unknown): boolean => value !== undefined;

function fits(schema: z.ZodType): PropertyDecorator {
  const issues = (value: unknown): string =>
    (schema.safeParse(value).error?.issues ?? [])
      .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
      .join("; ");
  return ValidateBy({
    name: "fits",
    validator: {
      validate: (value) => schema.safeParse(value).success,
      defaultMessage: (found) => issues(found?.value),
    },
  });
}

/** What a query or a body may have: a class of class-validator, and the names of its fields. */
export interface RequestDto {
  readonly type: Type<object>;
  readonly fields: ReadonlySet<string>;
}

/**
 * A class of class-validator with the fields of one of core's schemas, each held to its field's own schema: what
 * HTTP accepts and what the library accepts cannot drift apart. What a schema says of several fields together is
 * left to the library.
 */
export function dtoOf(schema: z.ZodObject): RequestDto {
  const Fields = class extends Object {};
  for (const [name, field] of Object.entries(schema.shape)) {
    fits(field as z.ZodType)(Fields.prototype, name);
    // A field that may be left out is not looked at where it is.
    if ((field as z.ZodType).safeParse(undefined).success)
      ValidateIf(isGiven)(Fields.prototype, name);
  }
  return { type: Fields, fields: new Set(Object.keys(schema.shape)) };
}

const NOTHING = dtoOf(z.strictObject({}));

function issuesOf({ property, constraints = {} }: Failure): ValidationIssue[] {
  return Object.values(constraints).map((message) => ({ path: property, message }));
}

/**
 * Checks the members of a query or a body. Unknown ones are refused here: class-validator overlooks some names,
 * `__proto__` among them.
 *
 * @throws ValidationError that names everything that is wrong
 */
export function checked(
  dto: RequestDto | undefined,
  members: Readonly<Record<string, unknown>>,
  argument: "query" | "body",
): void {
  const { type, fields } = dto ?? NOTHING;
  const unknown = Object.keys(members).filter((name) => !fields.has(name));
  const issues = unknown.map((path) => ({ path, message: "unknown, remove it" }));
  if (fields.size > 0) {
    const known = Object.fromEntries([...fields].map((name) => [name, ownMember(members, name)]));
    issues.push(...validateSync(Object.assign(new type(), known)).flatMap(issuesOf));
  }
  if (issues.length > 0) throw new ValidationError(argument, issues);
}

function ownMember(members: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
