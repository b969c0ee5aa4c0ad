import { readFileSync } from 'node:fs';
import { inputsOf, type Surface } from '../../src/frontend/inputs/catalog.ts';
import { checkReportFile } from './report-schema.ts';

/** The variables by which the runner passes every input of an Action: as given, or with its default. */
export function inputVariables(
  surface: Surface,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const all = inputsOf(surface).map(({ name, default: preset = '' }) => [
    `INPUT_${name.toUpperCase()}`,
    given[name] ?? preset,
  ]);
  return Object.fromEntries(all);
}

/**
 * What an Action wrote into the file in GITHUB_OUTPUT: `name<<delimiter`, lines, `delimiter`. Its report is held
 * against the schema.
 */
export function outputsIn(file: string): Record<string, string> {
  const parts = readFileSync(file, 'utf8').matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  const outputs: Record<string, string> = Object.fromEntries(
    [...parts].map(([, name = '', , value = '']) => [name, value]),
  );
  const report = outputs['report-path'] ?? '';
  if (report !== '') {
    const name = 'verdict' in outputs ? 'verify' : 'signed-path' in outputs ? 'ipe-policy' : 'sign';
    checkReportFile(name, report);
  }
  return outputs;
}
