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

/** Words in the names of members whose texts SQL masks: any part of a name, rather than its words. */
const NAMED = "pass(?:word|wd|phrase)|secret|token|authorization|credential|api_?key|private_?key";

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
   * that are named as secrets. Where nothing looks like one, it costs one look.
   *
   * @param state an expression of type jsonb that may be repeated
   */
  sql(state: string): string {
    const { key, url } = secretPatterns(this.#keyPrefix, true);
    const member = `("[^"\\\\]*(?:${NAMED})[^"\\\\]*": )"(?:[^"\\\\]|\\\\.)*"`;
    const steps: readonly [pattern: string, replacement: string][] = [
      [url, `\\1${MASK}@`],
      [key, MASK],
      [member, `\\1"${MASK}"`],
    ];
    const replaced = steps.reduce(
      (text, [pattern, by]) => `regexp_replace(${text}, ${quoted(pattern)}, ${quoted(by)}, 'gi')`,
      `${state}::text`,
    );
    const suspicious = quoted(`://|[a-z]_[A-Za-z0-9+/_=-]{32}|${NAMED}`);
    return `case when ${state}::text ~* ${suspicious} then ${replaced}::jsonb else ${state} end`;
  }
}

/** A literal of SQL. The text is made of constants, and of a prefix that has letters, digits and `_`. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
