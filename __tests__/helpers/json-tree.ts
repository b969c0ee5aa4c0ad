/** JSON as it is written: names may occur twice, numbers keep their spelling. */
export type Tree =
  | { members: { name: string; value: Tree }[] }
  | { items: Tree[] }
  /** A text, number or word, as it is written. */
  | { raw: string };

/** The tree of a value. Names and texts are as JSON.stringify writes them. */
export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { items: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return { raw: JSON.stringify(value) };
  return {
    members: Object.entries(value).map(([name, item]) => ({
      name: JSON.stringify(name),
      value: treeOf(item),
    })),
  };
}

export function render(tree: Tree): string {
  if ('raw' in tree) return tree.raw;
  if ('items' in tree) return `[${tree.items.map(render).join(',')}]`;
  return `{${tree.members.map(({ name, value }) => `${name}:${render(value)}`).join(',')}}`;
}

/** All trees within a tree, itself first. */
export function within(tree: Tree): Tree[] {
  if ('raw' in tree) return [tree];
  const below = 'items' in tree ? tree.items : tree.members.map(({ value }) => value);
  return [tree, ...below.flatMap(within)];
}
