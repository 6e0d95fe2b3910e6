import { StratumError, ValidationError } from "@stratum-hq/core";
import type { Feature } from "../src/feature";
import { translateDatabaseError } from "../src/persistence/database-errors";
import { useStratum } from "../../../test/support/use-stratum";

/** The label and the id of the tenant that is there, and an id that nothing has. */
export const HEX = "a".repeat(32);
export const ID = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
export const OTHER = "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb";

/** Columns of a row of that tenant. */
export const OWNED = { id: `'${ID}'`, tenant_id: `'${ID}'` };

/** An insert, of SQL by column. */
export function insert(table: string, columns: Record<string, string>): string {
  return `insert into stratum.${table} (${Object.keys(columns).join()})
    values (${Object.values(columns).join()})`;
}

/** Statements about a feature's tables, past every check of the library. */
interface Violations {
  /** Inserts of rows that the violations need, beside the tenant. */
  readonly rows: readonly string[];
  /** A statement that violates each constraint. */
  readonly violations: Readonly<Record<string, string>>;
}

/** What a feature promises of its constraints: each has a typed error, which its violation is answered by. */
export function describeConstraints(feature: Feature, { rows, violations }: Violations): void {
  const errors = feature.constraintErrors ?? {};

  describe("the constraints of the feature's tables", () => {
    const t = useStratum();

    beforeAll(async () => {
      const [slug, external_id] = ["'first'", "'e'"];
      const tenant = { id: `'${ID}'`, path: `'${HEX}'`, name: "'n'", slug, external_id };
      for (const row of [insert("tenants", tenant), ...rows]) await t.rows(row);
    });

    it("are each violated below", () => {
      expect(Object.keys(violations).sort()).toEqual(Object.keys(errors).sort());
    });

    it.each(Object.keys(violations))("%s is answered by a typed error", async (constraint) => {
      const failure: unknown = await t.rows(violations[constraint]!).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ constraint });
      const translated = translateDatabaseError(failure, errors);
      expect(translated).toBeInstanceOf(StratumError);
      expect(translated).toEqual(errors[constraint]!());
      expect(translated.code).not.toBe("DATABASE_ERROR");
      if (translated instanceof ValidationError) expect(translated.details.issues).toHaveLength(1);
    });
  });
}
