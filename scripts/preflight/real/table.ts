import type { PreflightReport } from '../../../src/report/node/preflight-report.ts';
import type { RealImage } from './images.ts';

/** What a kernel made of one image. */
export interface Judged {
  image: RealImage;
  report: PreflightReport;
  /** From the start of the command to its end. */
  seconds: number;
}

/** A table in Markdown: image, command, verdict, what was denied, seconds. */
export function verdictTable(judged: readonly Judged[]): string {
  const rows = judged.map(({ image, report, seconds }) => {
    const { Entrypoint = [], Cmd = [] } = image.run;
    const denied = report.denials.map(
      ({ program, what, path, source, count }) =>
        `${program}: ${what === 'file' ? `\`${path}\` (${source})` : what}${count > 1 ? ` × ${count}` : ''}`,
    );
    return [
      image.name,
      `\`${[...Entrypoint, ...Cmd].join(' ').replaceAll('|', '\\|')}\``,
      report.summary,
      denied.join('; ') || '-',
      seconds.toFixed(1),
    ];
  });
  const head = ['Image', 'Command', 'Verdict', 'Denied', 'Seconds'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
