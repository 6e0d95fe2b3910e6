/** Runs statements; every value is bound, never spliced into the text. */
export interface Sql {
  /** Rows of one statement, columns as {@link parseColumn} reads them. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}
