/** The fields of the reports as tables, and their JSON Schemas: both from src/report/schema. */
import { jsonSchema, REPORT_NAMES, type ReportName } from '../../src/report/schema/json-schemas.ts';
import { cell, table } from './table.ts';

/** What is used of a JSON Schema. */
export interface Schema {
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: string[];
  format?: string;
  $ref?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  $defs?: Record<string, Schema>;
}

/** The sections of docs/report.md: one for each report, and one for what several of them have. */
export const REPORT_SECTIONS = [...REPORT_NAMES, 'shared'] as const;

/** The text of a file in schemas/. */
export function renderSchema(name: ReportName): string {
  return `${JSON.stringify(jsonSchema(name), undefined, 2)}\n`;
}

/** The tables of a section, each below its heading. */
export function renderFields(section: (typeof REPORT_SECTIONS)[number]): string {
  const shared = sharedNames();
  if (section === 'shared') {
    const all = Object.assign({}, ...REPORT_NAMES.map((name) => schemaOf(name).$defs)) as Record<
      string,
      Schema
    >;
    return Object.entries(all)
      .filter(([name]) => shared.has(name))
      .map(([, schema]) => part(schema, all))
      .join('\n\n');
  }
  const schema = schemaOf(section);
  const { $defs = {} } = schema;
  const own = Object.entries($defs).filter(
    ([name]) => !shared.has(name) && (ownerOf(name) ?? section) === section,
  );
  if (schema.properties !== undefined)
    return [fields(schema, $defs), ...own.map(([, one]) => part(one, $defs))].join('\n\n');
  const [[, item] = [], ...parts] = own;
  return [fields(item ?? {}, $defs), ...parts.map(([, one]) => part(one, $defs))].join('\n\n');
}

export function schemaOf(name: ReportName): Schema {
  return jsonSchema(name) as Schema;
}

/** Names of the parts that more than one report has. */
export function sharedNames(): Set<string> {
  const names = REPORT_NAMES.flatMap((name) => Object.keys(schemaOf(name).$defs ?? {}));
  return new Set(names.filter((name, index) => names.indexOf(name) !== index && ownerOf(name) === undefined));
}

/** The report with the name of a part that others contain as a whole: its section describes the part. */
export function ownerOf(name: string): ReportName | undefined {
  return name.startsWith('preflight') ? 'preflight' : undefined;
}

function part(schema: Schema, all: Readonly<Record<string, Schema>>): string {
  const { title = '', enum: values } = schema;
  const body = values === undefined ? fields(schema, all) : `One of ${values.map(code).join(', ')}.`;
  return `### ${title}\n\n${body}`;
}

function fields({ properties = {}, required = [] }: Schema, all: Readonly<Record<string, Schema>>): string {
  const rows = Object.entries(properties).map(([name, field]) => [
    code(name),
    typeOf(field, all) + (required.includes(name) ? '' : ', or absent'),
    cell(field.description ?? ''),
  ]);
  return table([['Field', 'Type', 'Meaning'], ...rows]);
}

function typeOf(schema: Schema, all: Readonly<Record<string, Schema>>): string {
  const { $ref, type, items, oneOf, enum: values, const: constant, additionalProperties, format } = schema;
  if ($ref !== undefined) return link(all[$ref.replace('#/$defs/', '')]?.title ?? '');
  if (oneOf !== undefined) return oneOf.map((one) => typeOf(one, all)).join(' or ');
  if (constant !== undefined) return code(String(constant));
  if (values !== undefined) return values.map(code).join(', ');
  if (type === 'array') return `array of ${typeOf(items ?? {}, all)}`;
  if (type === 'object' && additionalProperties !== undefined)
    return `object of ${typeOf(additionalProperties, all)}`;
  return format === 'date-time' ? 'time' : (type ?? '');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** To the heading of a part, as GitHub names it. */
function link(title: string): string {
  const words = title.replace(/^(An?|The) /, '');
  return `[${words.charAt(0).toLowerCase()}${words.slice(1)}](#${title.toLowerCase().replaceAll(' ', '-')})`;
}
