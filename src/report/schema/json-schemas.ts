/** The published JSON Schemas (draft 2020-12) of what the commands print. A run does not load this. */
import * as z from 'zod';
import { TOOL } from '../tool.ts';
import { failedImage, failedSource } from './failed.ts';
import { inspectReport } from './inspect.ts';
import { doctorReport } from './node/doctor.ts';
import { exportReport } from './node/export.ts';
import { fetchReport } from './node/fetch.ts';
import { ipePolicyCheck, ipePolicyReport } from './node/ipe-policy.ts';
import { nodeKitReport } from './node/node-kit.ts';
import { preflightReport } from './node/preflight.ts';
import { removeReport } from './remove.ts';
import { rootHashEntry } from './root-hash.ts';
import { signReport } from './sign.ts';
import { verifyReport } from './verify.ts';
import { versionReport } from './version.ts';

/** By command. */
export const REPORT_SCHEMAS = {
  sign: z
    .array(z.union([signReport, failedImage]))
    .meta({ title: 'The report of verity-sign sign: one item for each image, in the order of the input' }),
  verify: z
    .array(z.union([verifyReport, failedImage]))
    .meta({ title: 'The report of verity-sign verify: one item for each image, in the order of the input' }),
  inspect: z
    .array(z.union([inspectReport, failedImage]))
    .meta({ title: 'The report of verity-sign inspect: one item for each image, in the order of the input' }),
  remove: z
    .array(z.union([removeReport, failedImage]))
    .meta({ title: 'The report of verity-sign remove: one item for each image, in the order of the input' }),
  'ipe-policy': z
    .array(z.union([ipePolicyReport, ipePolicyCheck, failedImage]))
    .meta({ title: 'The report of verity-sign ipe-policy: one item' }),
  'node-kit': z
    .array(z.union([nodeKitReport, failedImage]))
    .meta({ title: 'The report of verity-sign node-kit: one item' }),
  export: z
    .array(z.union([exportReport, failedImage]))
    .meta({ title: 'The report of verity-sign export: one item for each image, in the order of the input' }),
  fetch: z
    .array(z.union([fetchReport, failedImage]))
    .meta({ title: 'The report of verity-sign fetch: one item for each image, in the order of the input' }),
  preflight: z.array(z.union([preflightReport, failedImage])).meta({
    title: 'The report of verity-sign preflight: one item for each image, in the order of the input',
  }),
  'root-hash': z
    .array(z.union([rootHashEntry, failedSource]))
    .meta({ title: 'The report of verity-sign root-hash: one item for each layer, profile and class' }),
  doctor: z
    .union([doctorReport, failedImage])
    .meta({ title: 'The output of verity-sign doctor: an object, about one node' }),
  version: z
    .union([versionReport, failedImage])
    .meta({ title: 'The output of verity-sign version: an object, about this program' }),
} as const satisfies Record<string, z.ZodType>;

export type ReportName = keyof typeof REPORT_SCHEMAS;
export const REPORT_NAMES = Object.keys(REPORT_SCHEMAS) as ReportName[];

/** Where the schemas are in the package, and in the repository. */
export const SCHEMA_FOLDER = 'schemas';
const BASE = `https://raw.githubusercontent.com/verity-sign/verity-sign/v${TOOL.version}`;

/** Path of a schema in the package. */
export function schemaPath(name: ReportName): string {
  return `${SCHEMA_FOLDER}/${name}.json`;
}

/**
 * @param unknownFields `allowed`, as published: later versions add fields. `refused`, for tests: a report has no
 *   field that the schema lacks
 */
export function jsonSchema(name: ReportName, unknownFields: 'allowed' | 'refused' = 'allowed'): object {
  const { $schema, ...schema } = z.toJSONSchema(REPORT_SCHEMAS[name], {
    target: 'draft-2020-12',
    io: unknownFields === 'allowed' ? 'input' : 'output',
  });
  return { $schema, $id: `${BASE}/${schemaPath(name)}`, ...schema };
}
