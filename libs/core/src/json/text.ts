import { z } from "zod";
import { textProblem } from "./json-value";

/** Text of 1 to `max` characters (code points) that PostgreSQL can store and that is not blank. */
export function printableText(max: number) {
  return z.string().superRefine((text, context) => {
    const length = Array.from(text.slice(0, 2 * max + 1)).length;
    const problem =
      length > max
        ? `at most ${max} characters`
        : text.trim() === ""
          ? "must not be blank"
          : textProblem(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
}
