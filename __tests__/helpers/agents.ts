/**
 * What CI agents obey in a log, modelled on their own sources and stricter than these where they are
 * undecided: invisible characters never count, and every line end of any of them ends a line.
 */

/** An order that an agent would carry out. */
export interface Order {
  agent: 'github' | 'azure' | 'gitlab' | 'teamcity' | 'act';
  name: string;
  properties: string;
  data: string;
  line: string;
}

/** Commands of GitHub's runner; after `stop-commands` any name may be one, so the parser takes all names. */
const GITHUB_V2 = /^::([^ :]*?)(?: (.*?))?::(.*)$/s;
const GITHUB_V1 = /##\[([^ \]]*)(?: ([^\]]*))?\](.*)$/s;
/** .NET's comparison by culture skips these. */
const IGNORED = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** actions/runner: ActionCommand.TryParseV2, else TryParse. Both read one line of output. */
function github(raw: string): Order[] {
  const line = raw.replaceAll(IGNORED, '');
  // String.TrimStart: every Unicode white space.
  const v2 = GITHUB_V2.exec(line.replace(/^[\s\u0085\u180e]+/, ''));
  if (v2 !== null) return [order('github', raw, v2)];
  const v1 = GITHUB_V1.exec(line);
  return v1 === null ? [] : [order('github', raw, v1)];
}

/** nektos/act and Forgejo's runner: the same prefixes, at the very start of a line. */
function act(raw: string): Order[] {
  const found = /^::([^ ]+)(?: (.+?))?::([^\r\n]*)$/.exec(raw) ?? /^##\[([^ ]+)(?: (.+?))?\](.*)$/.exec(raw);
  return found === null ? [] : [order('act', raw, found)];
}

/** azure-pipelines-agent: Command.TryParse; WorkerCommandManager warns of `##vso` that does not parse. */
function azure(raw: string): Order[] {
  const line = raw.replaceAll(IGNORED, '');
  const command = /##vso\[([^ \]]*)(?: ([^\]]*))?\](.*)$/is.exec(line);
  if (command !== null) return [order('azure', raw, command)];
  // `##[error]`, `##[group]` and others format the log.
  return /##(?:vso|\[)/i.test(line) ? [order('azure', raw, ['', '##'])] : [];
}

function teamcity(raw: string): Order[] {
  const found = /##teamcity\[(\w*)(.*)/is.exec(raw.replaceAll(IGNORED, ''));
  return found === null ? [] : [order('teamcity', raw, found)];
}

const ESC = String.fromCharCode(0x1b);
const SECTION = new RegExp(`section_(start|end):(\\d+):[\\w.-]+(?:\\[[^\\]]*\\])?\\r${ESC}\\[0K`, 'g');

/** gitlab: Gitlab::Regex.build_trace_section_regex, over the whole text: it contains CR and ESC. */
function gitlab(text: string): Order[] {
  const sections = text.matchAll(SECTION);
  return [...sections].map((found) => order('gitlab', found[0], found));
}

function order(agent: Order['agent'], line: string, found: readonly (string | undefined)[]): Order {
  return { agent, name: found[1] ?? '', properties: found[2] ?? '', data: found[3] ?? '', line };
}

/** Every order in what a process printed. */
export function orders(text: string): Order[] {
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  return [
    ...gitlab(text),
    ...lines.flatMap((line) => [github, act, azure, teamcity].flatMap((of) => of(line))),
  ];
}

/** Characters that steer a terminal or a reader: all but printable ones, the space and the line feed. */
export const UNSEEN = /(?![\n ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;

/** The commands of the Actions: without properties, in lines that begin with them. */
const OWN = new Set(['debug', 'warning', 'error', 'group', 'endgroup', 'add-mask']);

/**
 * Problems of a log: orders that are not the Action's own, and unseen characters. An own command's data is
 * printed by the runner as it is, so it is looked through as well.
 */
export function problemsOf(text: string, { commands = false } = {}): string[] {
  const found: string[] = [...text.matchAll(UNSEEN)].map(
    ([character]) => `unseen ${(character.codePointAt(0) ?? 0).toString(16)}`,
  );
  for (const one of orders(text)) {
    const own = commands && isOwn(one);
    if (!own) found.push(`${one.agent} obeys ${JSON.stringify(one.line)}`);
    else if (one.agent === 'github') found.push(...problemsOf(shown(one.data)));
  }
  return [...new Set(found)];
}

function isOwn({ agent, name, properties }: Order): boolean {
  // act reads a name up to the last colons before a space: a longer name than an own one is none that it knows.
  if (agent === 'act') return OWN.has(name.split(':', 1)[0] ?? '');
  return agent === 'github' && OWN.has(name) && properties === '';
}

/** StringEscapingUtil.UnescapeString over the data of a command. */
function shown(data: string): string {
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
