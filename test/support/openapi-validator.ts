import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import document from "../../src/openapi/openapi.json";

type Members = Record<string, unknown>;
interface Content {
  readonly content?: Record<string, { readonly schema: Members }>;
}
/** One operation of an OpenAPI document. */
export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: Members;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

const ROOT = "stratum";

/** A part of the document, its references to what the document has in common put right. */
function referring(part: Members): Members {
  const text = JSON.stringify(part).replaceAll('"#/components/schemas/', `"${ROOT}#/$defs/`);
  return JSON.parse(text) as Members;
}

/** An ajv that knows JSON Schema 2020-12, and nothing that a document of OpenAPI 3.0 would say beside it. */
function strictAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  addFormats(ajv);
  // It is a keyword of OpenAPI 3.0, which ajv knows all the same.
  ajv.removeKeyword("nullable");
  return ajv;
}

/** Every operation of a document. */
export function operationsOf({ paths }: { readonly paths: object }): Operation[] {
  return Object.values(paths).flatMap((path) => Object.values(path as Record<string, Operation>));
}

/** The schemas of a document's operations, each with where it is. */
export function schemasOf(operation: Operation): [place: string, schema: Members][] {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const contents = (place: string, { content = {} }: Content): [string, Members][] =>
    Object.entries(content).map(([type, { schema }]) => [`${place} ${type}`, schema]);
  return [
    ...parameters.map(({ name, schema }): [string, Members] => [`${operationId} ?${name}`, schema]),
    ...contents(`${operationId} body`, requestBody ?? {}),
    ...Object.entries(responses).flatMap(([status, response]) =>
      contents(`${operationId} ${status}`, response),
    ),
  ];
}

/** Checks bodies against the schemas of a document. */
export class OpenApiValidator {
  readonly #ajv = strictAjv();
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(whole: Members & { readonly paths: object } = document) {
    const { schemas } = whole["components"] as { schemas: Members };
    this.#ajv.addSchema({ $id: ROOT, $defs: referring(schemas) });
    this.#operations = new Map(operationsOf(whole).map((each) => [each.operationId, each]));
  }

  /** @throws Error for a schema that is none */
  compile(schema: Members): ValidateFunction {
    const text = JSON.stringify(schema);
    const compiled = this.#compiled.get(text) ?? this.#ajv.compile(referring(schema));
    this.#compiled.set(text, compiled);
    return compiled;
  }

  /** What is wrong with the body of a response; null for nothing. */
  problemOf(operationId: string, status: number, type: string, body: unknown): string | null {
    const response = this.#operations.get(operationId)?.responses[status];
    if (response === undefined) return `${operationId} documents no ${status}`;
    const schema = response.content?.[type]?.schema;
    if (schema === undefined) return `${operationId} ${status} documents no ${type}`;
    const validate = this.compile(schema);
    if (validate(body)) return null;
    return `${operationId} ${status}: ${this.#ajv.errorsText(validate.errors)}`;
  }
}
