/**
 * Of each schema of a feature: payloads that pass, and payloads that do not. A schema of results, which
 * checks no input, is marked as such.
 */
export type Payloads = Readonly<
  Record<string, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] } | "result">
>;

/** A well-formed id. */
export const ID = "01a20b22-cf88-7d8c-a786-2a35c9eaad16";

/** An array in an array, so many levels deep. */
export const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
