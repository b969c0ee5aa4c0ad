import { renderReport } from '../../report/report.ts';
import { type HarmlessText, harmlessJson } from '../output/foreign-text.ts';
import { checkReportPath, writeReport } from '../output/report-file.ts';
import { outputColumns, printError, printResult, printTable } from '../output/standard-streams.ts';
import { STANDARD_OUTPUT } from './options/booleans.ts';
import type { OutputOptions } from './options/output.ts';

/** Where a run of the CLI puts its results: tables as they come, and the report at the end. */
export class RunOutput {
  #path: string | undefined;
  readonly #json: boolean;
  /** Undefined: tables are not shown. */
  readonly #tables: 'stdout' | 'stderr' | undefined;
  #shown = 0;

  constructor({ json, report }: OutputOptions) {
    const toOutput = report === STANDARD_OUTPUT;
    this.#path = toOutput ? undefined : report;
    this.#json = json || toOutput;
    this.#tables = json ? undefined : toOutput ? 'stderr' : 'stdout';
  }

  /**
   * Refuses a path that cannot be written to, before any work. Then nothing is written there.
   * @throws VeritySignError 'environment'
   */
  check(): void {
    const path = this.#path;
    if (path === undefined) return;
    this.#path = undefined;
    checkReportPath(path, 'option --report');
    this.#path = path;
  }

  /** @param render makes the table for so many columns; undefined: what reads it gets complete lines */
  table(render: (columns: number | undefined) => HarmlessText): void {
    const stream = this.#tables;
    if (stream !== undefined) printTable(render(outputColumns(stream)), this.#shown++ > 0, stream);
  }

  /**
   * Prints and writes the report of what was done, also if the run failed.
   * @param failure what ended the run
   * @throws VeritySignError 'environment' if the report cannot be written, unless the run has failed anyway
   */
  report(items: readonly object[], failure?: { error: unknown }): void {
    const text = renderReport(items);
    if (this.#json) printResult(harmlessJson(text));
    if (this.#path === undefined) return;
    try {
      writeReport(text, this.#path, failure === undefined);
    } catch (error) {
      if (failure === undefined) throw error;
      printError(error);
    }
  }
}
