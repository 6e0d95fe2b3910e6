/** One entry of the catalogue. */
export interface ErrorDescription {
  /** The HTTP status that fits. */
  readonly status: number;
  /** In a sentence, when the error is answered. */
  readonly summary: string;
  /** In a sentence, what to do next. */
  readonly remedy: string;
  /** The fields of `details` that an error of this code can have. */
  readonly details: readonly string[];
}
