import { gapsOf } from '../../report/confinement.ts';
import type { ArtifactReport, SignReport } from '../../report/report.ts';
import { type Markdown, md } from './markdown.ts';

type Builder = SignReport['builder'] & object;

type Row = [name: string, value: string];

/** The builder of the images, and how far mkfs.erofs was not confined, as rows with name and value. */
export function builderRows({ builder, tools }: Pick<SignReport, 'builder' | 'tools'>): Row[] {
  const gaps = tools === undefined ? [] : gapsOf(tools.confinement);
  return [
    ...(builder === undefined ? [] : [builderRow(builder)]),
    ...(gaps.length === 0 ? [] : [['mkfs.erofs is not fully confined', gaps.join(', ')] satisfies Row]),
  ];
}

function builderRow(builder: Builder): Row {
  const other = builder.crossCheck;
  const checked =
    other === undefined
      ? ''
      : `, compared with ${other.kind === 'mkfs' ? `mkfs.erofs ${text(other)}` : 'the native builder'}`;
  return [builder.kind === 'mkfs' ? 'mkfs.erofs' : 'native builder', `${text(builder)}${checked}`];
}

/** The same rows for a summary, where names of facts begin with a capital letter. */
export function builderFacts(
  report: Pick<SignReport, 'builder' | 'tools'>,
): [name: string, value: Markdown][] {
  return builderRows(report).map(([name, value]) => [name.replace(/^native/, 'Native'), md`${value}`]);
}

/** The class, with the native builder: it may create several artifacts of one profile, one per class. */
export function classText({ builder }: Pick<SignReport, 'builder'>, artifact: ArtifactReport): string {
  return builder?.kind === 'native' && artifact.class !== undefined ? `, class ${artifact.class}` : '';
}

function text(builder: Builder): string {
  if (builder.kind === 'mkfs') return `${builder.version}, class ${builder.class}`;
  const { classes } = builder;
  if (classes.length === 0) return 'the classes that the signers recorded';
  return `${classes.length === 1 ? 'class' : 'classes'} ${classes.join(', ')}`;
}
