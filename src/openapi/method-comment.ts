/** What core's contract says of a method, in words. */
export interface MethodComment {
  /** The first sentence. */
  readonly summary: string;
  /** All of it, as Markdown. */
  readonly description: string;
  /** The codes of the errors that it documents. */
  readonly errors: readonly string[];
}
