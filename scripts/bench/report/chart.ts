/** A group of horizontal bars with a heading. */
export interface Group {
  title: string;
  bars: readonly Bar[];
}

export interface Bar {
  label: string;
  value: number;
  /** Minimum and maximum of all rounds, drawn as a whisker. */
  least: number;
  most: number;
  /** Text after the bar. */
  text: string;
  /** A bar of this project, which is highlighted. */
  ours: boolean;
}

const WIDTH = 840;
const LEFT = 190;
const RIGHT = 130;
const BAR = 22;
const GAP = 8;
const HEAD = 30;

/**
 * A chart as SVG. Each group has its own scale, from zero. It has a background and follows the reader's
 * light or dark scheme, so that it is readable on any page.
 */
export function barChart(title: string, note: string, groups: readonly Group[]): string {
  const parts: string[] = [];
  let y = 68;
  for (const group of groups) {
    parts.push(`<text x="24" y="${y + 14}" class="group">${escaped(group.title)}</text>`);
    y += HEAD;
    const scale = (WIDTH - LEFT - RIGHT) / Math.max(...group.bars.map((bar) => bar.most));
    for (const bar of group.bars) {
      parts.push(...drawBar(bar, y, scale));
      y += BAR + GAP;
    }
    y += 12;
  }
  const height = y + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="back" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>`,
    `<text x="24" y="32" class="title">${escaped(title)}</text>`,
    `<text x="24" y="52" class="note">${escaped(note)}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawBar(bar: Bar, y: number, scale: number): string[] {
  const middle = y + BAR / 2;
  const [width, least, most] = [bar.value, bar.least, bar.most].map((value) => round(value * scale)) as [
    number,
    number,
    number,
  ];
  return [
    `<text x="${LEFT - 10}" y="${middle + 4.5}" class="label">${escaped(bar.label)}</text>`,
    `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2" class="${bar.ours ? 'ours' : 'other'}"/>`,
    `<path d="M${LEFT + least} ${middle}H${LEFT + most}M${LEFT + least} ${middle - 4}v8M${LEFT + most} ${middle - 4}v8" class="range"/>`,
    `<text x="${round(LEFT + most + 8)}" y="${middle + 4.5}" class="value">${escaped(bar.text)}</text>`,
  ];
}

const STYLE = [
  'text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}',
  '.title{font-size:16px;font-weight:600}.group{font-weight:600}.label{text-anchor:end}',
  '.note{font-size:12px;fill:#59636e}',
  '.back{fill:#ffffff;stroke:#d1d9e0}.ours{fill:#0969da}.other{fill:#afb8c1}',
  '.range{fill:none;stroke:#1f2328;stroke-opacity:.6}',
  '@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.note{fill:#9198a1}',
  '.back{fill:#0d1117;stroke:#3d444d}.ours{fill:#4493f8}.other{fill:#59636e}.range{stroke:#f0f6fc}}',
].join('');

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
