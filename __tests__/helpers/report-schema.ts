/** Holds what runs of the tests print and write against the published schemas, by a validator of others. */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const NAMES = [
  'sign',
  'verify',
  'inspect',
  'remove',
  'export',
  'fetch',
  'ipe-policy',
  'node-kit',
  'preflight',
  'doctor',
  'root-hash',
  'version',
] as const;
export type SchemaName = (typeof NAMES)[number];

const validators = new Map<string, ValidateFunction>();

/** @param unknownFields `refused`: a field that the schema lacks is not documented */
export function validator(name: SchemaName, unknownFields: 'allowed' | 'refused'): ValidateFunction {
  const key = `${name} ${unknownFields}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const path = join(import.meta.dirname, '../../schemas', `${name}.json`);
  const schema = JSON.parse(readFileSync(path, 'utf8')) as object;
  // Formats are only named in the schemas: patterns say the same.
  const ajv = new Ajv2020({ allErrors: true, validateFormats: false });
  const made = ajv.compile(unknownFields === 'allowed' ? schema : (closed(schema) as object));
  validators.set(key, made);
  return made;
}

/** The schema with no other fields in any object than those that it names. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isRecord = 'additionalProperties' in inner;
  return inner.type === 'object' && !isRecord ? { ...inner, additionalProperties: false } : inner;
}

/** The value of a report that is as its schema says. @throws Error with what is not */
export function parseReport(name: SchemaName, text: string): unknown {
  const value = JSON.parse(text) as unknown;
  const validate = validator(name, 'refused');
  if (validate(value)) return value;
  const errors = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(`not a report of ${name}:\n${errors.join('\n')}\n${text}`);
}

/** Checks the report in a file, if there is one. */
export function checkReportFile(name: SchemaName, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true && found.size > 0) parseReport(name, readFileSync(path, 'utf8'));
}

/** Checks every report that a finished command line has printed or written. */
export function checkReportsOf(args: readonly string[], stdout: string, cwd: string): void {
  const name = NAMES.find((candidate) => candidate === args[0]);
  if (name === undefined || args.includes('--help')) return;
  const report = optionValue(args, '--report');
  const json = args.includes('--json') || optionValue(args, '--output') === 'json' || report === '-';
  if (json && stdout !== '') parseReport(name, stdout);
  if (report !== undefined && report !== '-') checkReportFile(name, resolve(cwd, report));
}

function optionValue(args: readonly string[], option: string): string | undefined {
  const inline = args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
  return inline ?? (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
}
