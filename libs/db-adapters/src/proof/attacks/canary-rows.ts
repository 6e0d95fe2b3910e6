import { escapeIdentifier } from "pg";
import { insertCanary, Unfillable, type Row } from "./canary-row";
import type { Canary, Stage } from "./stage";
import type { Target, TargetForeignKey } from "./target";

/** The rows that one canary has, by the table's name. */
export class CanaryRows {
  readonly #rows = new Map<string, Row>();
  /** Tables that are being filled, and so cannot be referred to yet. */
  readonly #pending = new Set<string>();

  constructor(
    private readonly stage: Stage,
    private readonly canary: Canary,
    private readonly targets: ReadonlyMap<string, Target>,
  ) {}

  /** The canary's row of a table. */
  of(table: string): Row | undefined {
    return this.#rows.get(table);
  }

  /**
   * Makes a row of the table, and of the tables that it refers to first; the stage has become the canary.
   *
   * @throws Unfillable
   */
  async fill(table: string): Promise<Row> {
    const known = this.#rows.get(table);
    if (known !== undefined) return known;
    const target = this.targets.get(table);
    if (target === undefined)
      throw new Unfillable(`${table} is not among the tables of tenants' rows`);
    if (this.#pending.has(table))
      throw new Unfillable(`${table} refers to itself, by way of others too`);
    this.#pending.add(table);
    try {
      let given: Row = {};
      for (const key of target.foreign_keys) {
        given = { ...given, ...(await this.referredTo(target, key)) };
      }
      const row = await insertCanary(this.stage, target, this.canary, given);
      this.#rows.set(table, row);
      return row;
    } finally {
      this.#pending.delete(table);
    }
  }

  /** The values of a foreign key's columns; none where the row can do without. */
  private async referredTo(target: Target, key: TargetForeignKey): Promise<Row> {
    const columns = new Map(target.columns.map((column) => [column.name, column]));
    const own = key.columns.filter(([column]) => column !== "tenant_id");
    const required = own.some(([column]) => columns.get(column)?.required === true);
    try {
      const row = this.targets.has(key.refers_to)
        ? await this.fill(key.refers_to)
        : await this.anyRow(key);
      return Object.fromEntries(own.map(([column, referred]) => [column, row[referred] ?? null]));
    } catch (error) {
      if (required || !(error instanceof Unfillable)) throw error;
      return {};
    }
  }

  /** A row of a reference table, which is the same for all tenants, and which they only read. */
  private async anyRow({ refers_to, columns }: TargetForeignKey): Promise<Row> {
    const names = columns.map(([, referred]) => escapeIdentifier(referred));
    const wanted = names.map((name) => `${name}::text as ${name}`).join(", ");
    const attempt = await this.stage.attempt(() =>
      this.stage.query<Record<string, string | null>>(`select ${wanted} from ${refers_to} limit 1`),
    );
    const [row] = "result" in attempt ? attempt.result.rows : [];
    if (row === undefined)
      throw new Unfillable(`${refers_to} has no row to refer to that a tenant may read`);
    return row;
  }
}
