/** Something through which a tenant's statement could reach another tenant's rows, or that bodes ill. */
export interface Finding {
  /** What was looked at: `policy`, `view`, `role` and their like. */
  readonly check: string;
  /** The object, as SQL names it. */
  readonly object: string;
  readonly problem: string;
  /** What mends it, for a login that owns the object. */
  readonly statement: string;
}
