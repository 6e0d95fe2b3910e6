const BOLD = "\u001b[1m";
const RESET = "\u001b[0m";

/** What the terminal says once the API is served: where it is, the first key, and three requests to begin with. */
export function greeting(url: string, firstKey: string | null, colour: boolean): string {
  const bold = (text: string): string => (colour ? `${BOLD}${text}${RESET}` : text);
  const lines = ["", `Stratum serves ${bold(`${url}/api/v1`)}, documented at ${url}/api/docs`, ""];
  if (firstKey === null) return lines.join("\n");
  const key = `-H "Authorization: Bearer ${firstKey}"`;
  const json = '-H "Content-Type: application/json"';
  return [
    ...lines,
    `The first key, which is not shown again: ${bold(firstKey)}`,
    "",
    "Try it:",
    `  curl -s ${url}/api/v1/organizations ${key} ${json} -d '{"name":"AcmeSec","config":{"max_users":1000}}'`,
    `  curl -s ${url}/api/v1/tenants/by-slug/acmesec ${key}`,
    `  curl -s ${url}/api/v1/tenants ${key}`,
    "",
  ].join("\n");
}
