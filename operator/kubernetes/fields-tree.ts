import type { FieldsTree } from './objects.ts';

/** In a tree, `.` says that the node itself is in the set; a node without children says the same. */
const self = '.';

export const isEmptyTree = (tree: FieldsTree): boolean => Object.keys(tree).length === 0;

/** All fields of both. */
export function union(a: FieldsTree, b: FieldsTree): FieldsTree {
  const both: FieldsTree = { ...a };
  for (const [step, theirs] of Object.entries(b)) {
    const ours = both[step];
    both[step] = ours === undefined ? theirs : unionOfNodes(ours, theirs);
  }
  return both;
}

function unionOfNodes(a: FieldsTree, b: FieldsTree): FieldsTree {
  if (isEmptyTree(a) && isEmptyTree(b)) return {};
  if (isEmptyTree(a)) return { [self]: {}, ...b };
  if (isEmptyTree(b)) return { [self]: {}, ...a };
  return union(a, b);
}

/** The fields of the first that are not in the second. */
export function minus(a: FieldsTree, b: FieldsTree): FieldsTree {
  const rest: FieldsTree = {};
  for (const [step, node] of Object.entries(a)) {
    const taken = b[step];
    if (taken === undefined) rest[step] = node;
    else if (!isEmptyTree(node)) keepIfAny(rest, step, isEmptyTree(taken) ? withoutSelf(node) : minus(node, taken));
    else if (!includesSelf(taken)) rest[step] = node;
  }
  return rest;
}

const includesSelf = (node: FieldsTree): boolean => isEmptyTree(node) || self in node;

const withoutSelf = ({ [self]: _, ...children }: FieldsTree): FieldsTree => children;

function keepIfAny(tree: FieldsTree, step: string, node: FieldsTree): void {
  if (!isEmptyTree(node)) tree[step] = node;
}

/** Without the branches at these paths, and without parents that then hold nothing but themselves. */
export function withoutPaths(tree: FieldsTree, paths: readonly (readonly string[])[]): FieldsTree {
  const rest: FieldsTree = {};
  for (const [step, node] of Object.entries(tree)) {
    const deeper = paths.filter(([first]) => first === step).map(([, ...others]) => others);
    if (deeper.some(({ length }) => length === 0)) continue;
    if (deeper.length === 0) rest[step] = node;
    else keepIfAny(rest, step, withoutLoneSelf(withoutPaths(node, deeper)));
  }
  return rest;
}

const withoutLoneSelf = (node: FieldsTree): FieldsTree => (Object.keys(node).length === 1 && node[self] ? {} : node);
