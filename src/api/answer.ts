import { ERROR_CATALOGUE, StratumError, type ApiMethod, type Page } from "@stratum-hq/core";

/** What HTTP answers with the result of a method. */
export interface Answer {
  readonly status: number;
  /** Undefined where there is none. */
  readonly body: unknown;
}

const MULTI_STATUS = 207;

const isPage = (result: unknown): result is Page<unknown> =>
  typeof result === "object" && result !== null && "next_cursor" in result;

function pageOf(result: unknown): unknown {
  return isPage(result) ? result : { data: result, next_cursor: null, has_more: false };
}

/** Whether some items of a batch failed. */
function hasFailures(result: unknown): boolean {
  const { failed = 0, errors = [] } = result as { failed?: number; errors?: readonly unknown[] };
  return failed > 0 || errors.length > 0;
}

/** @throws StratumError where the method found nothing, and HTTP has an error for that */
export function answerOf(method: ApiMethod, result: unknown): Answer {
  const { status, absent, batch, list, wrap } = method;
  if (absent !== undefined && (result === null || result === false)) {
    const { summary, remedy } = ERROR_CATALOGUE[absent];
    throw new StratumError(absent, `${summary} ${remedy}`);
  }
  if (status === 204) return { status, body: undefined };
  if (wrap !== undefined) return { status, body: { [wrap]: result } };
  if (list !== undefined) return { status, body: pageOf(result) };
  return { status: batch === true && hasFailures(result) ? MULTI_STATUS : status, body: result };
}

/** `Link` of RFC 8288 to the page after this one; null on the last. */
export function nextLink(url: string, body: unknown): string | null {
  if (!isPage(body) || body.next_cursor === null) return null;
  const [path = "", query = ""] = url.split("?", 2);
  const parameters = new URLSearchParams(query);
  parameters.set("cursor", body.next_cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
