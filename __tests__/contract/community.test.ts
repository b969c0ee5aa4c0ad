import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { OUTPUTS, outputsFor } from '../../src/frontend/action/output-list.ts';
import { inputsOf } from '../../src/frontend/inputs/catalog.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const REPOSITORY = 'https://github.com/verity-sign/verity-sign';
const ADVISORY = `${REPOSITORY}/security/advisories/new`;

test('package.json says where the project is', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject({
    repository: { type: 'git', url: `git+${REPOSITORY}.git` },
    homepage: `${REPOSITORY}#readme`,
    bugs: `${REPOSITORY}/issues`,
    keywords: expect.arrayContaining(['oci', 'dm-verity', 'erofs', 'signing']),
  });
  expect(read('README.md')).toContain(`git clone ${REPOSITORY}`);
});

describe('SECURITY.md', () => {
  const page = read('SECURITY.md');

  test('says how to report in private, what is supported, and where the threat model is', () => {
    expect(page).toContain(`](${ADVISORY})`);
    expect(page).toMatch(/^## Supported versions$/m);
    expect(page).toContain('](docs/threat-model.md)');
  });
});

interface Field {
  type: string;
  id?: string;
  attributes: { label?: string; value?: string; options?: string[] };
}

interface Form {
  name: string;
  description: string;
  body: Field[];
}

describe('issue forms', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const forms = readdirSync(join(root, folder)).filter((name) => name !== 'config.yml');

  test.each(forms)('%s has a name, a description and fields with labels', (file) => {
    const { name, description, body } = parse(read(`${folder}/${file}`)) as Form;
    expect([name, description].every((text) => text.length > 0)).toBe(true);
    const fields = body.filter(({ type }) => type !== 'markdown');
    expect(fields.length).toBeGreaterThan(3);
    expect(fields.every(({ id, attributes }) => id !== undefined && attributes.label !== undefined)).toBe(
      true,
    );
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
  });

  test('that of a bug asks for version, registry and report, and for no secrets', () => {
    const { body } = parse(read(`${folder}/bug.yml`)) as Form;
    expect(body.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['version', 'registry', 'command', 'report']),
    );
    expect(body[0]?.attributes.value).toMatch(/secrets[\s\S]*keys, passphrases, tokens/);
    expect(body[0]?.attributes.value).toContain(ADVISORY);
  });

  test('lead those who found a vulnerability to the private report', () => {
    const { contact_links: links } = parse(read(`${folder}/config.yml`)) as {
      contact_links: { url: string }[];
    };
    expect(links.map(({ url }) => url)).toContain(ADVISORY);
  });
});

test('every file has an owner', () => {
  expect(read('.github/CODEOWNERS')).toMatch(/^\* @[\w-]+\/[\w-]+$/m);
});

describe.each([
  ['verify', 'verify-action'],
  ['ipe-policy', 'ipe-policy-action'],
] as const)('the README of %s/', (folder, surface) => {
  const page = read(`${folder}/README.md`);

  test('uses inputs of the Action', () => {
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)]
      .flatMap(([, text = '']) => parse(text) as { uses?: string; with: Record<string, string> }[])
      .filter(({ uses }) => uses !== undefined);
    expect(examples.length).toBeGreaterThan(0);
    const names = inputsOf(surface).map(({ name }) => name as string);
    for (const step of examples) {
      expect(step.uses).toBe(`verity-sign/verity-sign/${folder}@v0`);
      expect(names).toEqual(expect.arrayContaining(Object.keys(step.with)));
    }
  });

  test('has its outputs, and no others', () => {
    const rows = [...page.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(
      outputsFor(surface)
        .map(({ name }) => name)
        .sort(),
    );
    const used = [...page.matchAll(/steps\.[\w-]+\.outputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(OUTPUTS.map(({ name }) => name as string)).toEqual(expect.arrayContaining(used));
  });
});
