import type { SignReport } from '../../report/report.ts';
import { type Markdown, md } from './markdown.ts';

type Builder = SignReport['builder'] & object;

/** The builder of the images, as a row with name and value. */
export function builderRow(builder: Builder): [name: string, value: string] {
  const other = builder.crossCheck;
  const checked =
    other === undefined
      ? ''
      : `, compared with ${other.kind === 'mkfs' ? `mkfs.erofs ${text(other)}` : 'the native builder'}`;
  return [builder.kind === 'mkfs' ? 'mkfs.erofs' : 'native builder', `${text(builder)}${checked}`];
}

/** The same row for a summary. */
export function builderFact(builder: Builder): [name: string, value: Markdown] {
  const [name, value] = builderRow(builder);
  return [name, md`${value}`];
}

function text(builder: Builder): string {
  if (builder.kind === 'mkfs') return `${builder.version}, class ${builder.class}`;
  const { classes } = builder;
  if (classes.length === 0) return 'the classes that the signers recorded';
  return `${classes.length === 1 ? 'class' : 'classes'} ${classes.join(', ')}`;
}
