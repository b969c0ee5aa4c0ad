/**
 * The types of the reports. src/report/schema defines them, with a description of every field; it makes the
 * published JSON Schemas too, and is not loaded by a run.
 */
import type * as z from 'zod';
import type { FailedImageReport } from './failed-image.ts';
import type { DoctorReport } from './node/doctor-report.ts';
import type { tools } from './schema/builder.ts';
import type { rootHashEntry } from './schema/root-hash.ts';
import type { artifact, layer, manifestSignature, pushedTag, signReport } from './schema/sign.ts';
import type { manifest, signer, uncovered } from './schema/values.ts';
import type { VersionReport } from './version-report.ts';

/** What a run of `sign` did with one image. */
export type SignReport = z.infer<typeof signReport>;
/** An image of an index that no signature covers. */
export type UncoveredReport = z.infer<typeof uncovered>;
/** A tag, and the digest that it pointed to when it was read back. */
export type PushedTag = z.infer<typeof pushedTag>;
/** How outside programs were run. */
export type ToolsReport = z.infer<typeof tools>;
export type SignerReport = z.infer<typeof signer>;
export type ManifestReport = z.infer<typeof manifest>;
/** The signature of one manifest. A dry run has only the first three fields. */
export type ManifestSignatureReport = z.infer<typeof manifestSignature>;
export type ArtifactReport = z.infer<typeof artifact>;
export type LayerReport = z.infer<typeof layer>;
/** The root hash of one layer. */
export type RootHashEntry = z.infer<typeof rootHashEntry>;

/** What `version` and `doctor` print as JSON: they are about no image. */
export function renderDocument(report: VersionReport | DoctorReport | FailedImageReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** The text of a report: an array, with an item for each image in the order of the input. */
export function renderReport(items: readonly object[]): string {
  return `${JSON.stringify(items, undefined, 2)}\n`;
}
