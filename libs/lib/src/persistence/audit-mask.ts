import { Inject, Injectable } from "@nestjs/common";
import {
  MASK,
  secretMask,
  secretPatterns,
  type JsonObject,
  type JsonValue,
  type SecretMask,
} from "@stratum-hq/core";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";

/** Parts of the names of members whose texts SQL masks: any part, rather than whole words. */
const NAMED = [
  ..."password passwd passphrase secret token authorization credential".split(" "),
  ..."api_key apikey private_key privatekey".split(" "),
];

/** The parts of an audit row that may quote secrets. */
interface Recorded {
  readonly resource_id: string | null;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly metadata?: JsonObject;
}

/** The one mask that everything goes through which is written to the audit log or to the events. */
@Injectable()
export class AuditMask {
  readonly #mask: SecretMask;
  readonly #keyPrefix: string | undefined;

  constructor(@Inject(STRATUM_OPTIONS) { keyPrefix }: StratumOptions) {
    this.#mask = secretMask(keyPrefix);
    this.#keyPrefix = keyPrefix;
  }

  text(text: string): string {
    return this.#mask.text(text);
  }

  object(object: JsonObject): JsonObject {
    return this.#mask.value(object) as JsonObject;
  }

  change<Change extends Recorded>(change: Change): Change {
    const [before, after] = this.#mask.states(change.before, change.after);
    const resource_id = change.resource_id === null ? null : this.text(change.resource_id);
    return { ...change, resource_id, before, after, metadata: this.object(change.metadata ?? {}) };
  }

  /**
   * SQL for a state that SQL made, without secrets: keys, credentials of URLs, and the texts of members
   * that are named as secrets. Where nothing looks like one, it costs plain searches: a regular expression
   * would take three times as long, in each of ten thousand rows.
   *
   * @param state a column of type jsonb
   * @param lowered one with its text in lower case
   */
  sql(state: string, lowered: string): string {
    const { key, url, prefixes } = secretPatterns(this.#keyPrefix, true);
    const member = `("[^"\\\\]*(?:${NAMED.join("|")})[^"\\\\]*": )"(?:[^"\\\\]|\\\\.)*"`;
    const steps: readonly [pattern: string, replacement: string][] = [
      [url, `\\1${MASK}@`],
      [key, MASK],
      [member, `\\1"${MASK}"`],
    ];
    const replaced = steps.reduce(
      (text, [pattern, by]) => `regexp_replace(${text}, ${quoted(pattern)}, ${quoted(by)}, 'gi')`,
      `${state}::text`,
    );
    const suspicious = ["://", ...prefixes, ...NAMED]
      .map((part) => `strpos(${lowered}, ${quoted(part.toLowerCase())}) > 0`)
      .join(" or ");
    return `case when ${suspicious} then ${replaced}::jsonb else ${state} end`;
  }
}

/** A literal of SQL. The text is made of constants, and of a prefix that has letters, digits and `_`. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
