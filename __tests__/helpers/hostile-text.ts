import fc from 'fast-check';

/** Orders to agents and terminals, each with the word `evil` where it would show. */
export const ORDERS = [
  '##vso[task.setvariable variable=evil;isoutput=true]evil',
  '##vso[task.complete result=Failed;]evil',
  '##[error]evil',
  '##[add-mask]evil',
  '##[group]evil',
  '::error title=evil::evil',
  '::add-mask::evil',
  '::stop-commands::evil',
  '::set-output name=evil::evil',
  '##teamcity[buildStatus text=|evil|]',
  'section_start:1700000000:evil\r\u001b[0Kevil',
  '\u001b]8;;https://evil.example\u0007evil\u001b]8;;\u0007',
  '\u001b[2J\u001b[1;1Hevil\b\b\u007f',
  '\u009b2Jevil',
] as const;

/** What reorders or hides text, ends lines for some readers, or is no text at all. */
export const UNSEEN_SAMPLES =
  '\u202e\u2066\u2069\u200e\u061c\u200b\ufeff\u00ad\u2028\u2029\u0085\u00a0\u3164\u{e0041}';

/** Markdown, HTML and what GitHub links without markup. */
export const MARKUP = [
  '<img src=x onerror=alert(1)>',
  '</details><!-- evil',
  '[evil](https://evil.example.com)',
  '![evil](https://evil.example.com/x.png)',
  'https://evil.example.com/x',
  'www.evil.com/x',
  'evil.com',
  '//evil.com/x',
  'evil@evil.com',
  '@evil/team',
  'evil/repo#1 #2 GH-3',
  'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef',
  ':rocket: :+1:',
  '$\\evil$ [^1]',
  '|evil|`evil`**evil**~~evil~~',
] as const;

/** One text with everything. `separator` is what the place allows between its parts. */
export function everything(separator = '\n'): string {
  return ['evil', ...ORDERS, UNSEEN_SAMPLES, ...MARKUP].join(separator);
}

/** Texts made of triggers, parts of triggers and what may hide them. */
export function hostileText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...ORDERS, ...MARKUP, UNSEEN_SAMPLES),
    fc.constantFrom(
      '#',
      ':',
      '::',
      '##',
      '[',
      ']',
      'vso',
      'teamcity',
      ' ',
      '  ',
      '\t',
      '\n',
      '\r',
      '\u001b',
      '%0A',
    ),
    fc.constantFrom(
      '\ud800',
      '\udc00',
      '\u00ad',
      '\u200d',
      '\ufe0f',
      '\u115f',
      '\u2028',
      '\u0085',
      '\0',
      '\u3000',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  return fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
}
